/** Predicts the next value from the last `order` and a constant by recursive least squares (Haykin, Adaptive Filter Theory, ch. 10). */
export interface LinearPrediction { readonly order: number; n: number; readonly weights: number[]; readonly inputs: number[]; /** Inverse correlation, row by row. */ readonly inverse: number[] }

/** Forgetting: a memory of 2,000 values. */
const FORGET = 0.9995;
const INVERSE_START = 100;
/** Forgetting lets the inverse grow where the inputs do not move; beyond this it is halved. */
const TRACE_MAX = 1e4;

export function createLinearPrediction(order: number): LinearPrediction {
  const size = order + 1;
  const inverse = new Array<number>(size * size).fill(0);
  for (let i = 0; i < size; i += 1) inverse[i * size + i] = INVERSE_START;
  const weights = new Array<number>(size).fill(0);
  weights[0] = 1;
  return { order, n: 0, weights, inputs: new Array<number>(size).fill(0), inverse };
}

export function predictNext({ order, weights, inputs }: LinearPrediction): number {
  let predicted = 0;
  for (let i = 0; i <= order; i += 1) predicted += weights[i]! * inputs[i]!;
  return predicted;
}

/** Learns what came instead of `predicted`, and makes it the latest input. */
export function learnNext(model: LinearPrediction, value: number, predicted: number): void {
  const { order, weights, inputs, inverse } = model;
  const size = order + 1;
  model.n += 1;
  if (model.n > order + 2) {
    const gain = new Array<number>(size).fill(0);
    let power = FORGET;
    for (let i = 0; i < size; i += 1) {
      let sum = 0;
      for (let j = 0; j < size; j += 1) sum += inverse[i * size + j]! * inputs[j]!;
      gain[i] = sum;
      power += sum * inputs[i]!;
    }
    const error = value - predicted;
    for (let i = 0; i < size; i += 1) weights[i]! += (gain[i]! / power) * error;
    let trace = 0;
    for (let i = 0; i < size; i += 1) {
      // The inverse is symmetric: half of it is work.
      for (let j = 0; j <= i; j += 1) {
        const entry = (inverse[i * size + j]! - (gain[i]! * gain[j]!) / power) / FORGET;
        inverse[i * size + j] = entry;
        inverse[j * size + i] = entry;
      }
      trace += inverse[i * size + i]!;
    }
    if (trace > TRACE_MAX) for (let i = 0; i < inverse.length; i += 1) inverse[i]! *= 0.5;
  }
  for (let i = order - 1; i > 0; i -= 1) inputs[i] = inputs[i - 1]!;
  inputs[0] = value;
  inputs[order] = 1;
}
