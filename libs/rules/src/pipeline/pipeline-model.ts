/** What a log source says of itself; a part that is null is not said. */
export interface SourceFacts { readonly product: string | null; readonly category: string | null; readonly service: string | null }

/** Events with these values come from this log source. */
export interface Route {
  /** Field → one of these values (case is ignored), or `true`: the field is there. All must hold. */
  readonly when: Readonly<Record<string, readonly string[] | true>>;
  readonly source: SourceFacts;
  /** Field of a rule → fields of the event, for rules that come by this route. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Every field such events have, beside those of `fields`, with `*` for any letters; null: not said, so no field of a rule is strange to it. */
  readonly knows: readonly string[] | null;
}

/** How events of one kind become what rules speak of: log source and fields. */
export interface Pipeline {
  readonly name: string;
  readonly title: string;
  /** An event is of this kind when all of these hold, read before flattening; none: every event. */
  readonly accepts: readonly Readonly<Record<string, readonly string[] | true>>[];
  /** `windows`: Event.System, Event.EventData and Event.UserData become fields, attributes joined with `_`, blanks in names dropped. `otel`: attributes become fields. */
  readonly flatten: 'none' | 'windows' | 'otel';
  readonly routes: readonly Route[];
  /** For all rules, whatever the route. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** What every route knows that says nothing itself. */
  readonly knows: readonly string[] | null;
  /** For an event that no route takes: what is known of it all the same. Rules that do not contradict are tried. */
  readonly unknown: SourceFacts;
}

export const NOTHING: SourceFacts = { product: null, category: null, service: null };
