/** A share as a thin line under a word; the figure stands beside it. */
export function Bar({ percent }: { percent: number }) {
  return (
    <svg className="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="4" className="bar-ground" /><rect width={Math.max(0, Math.min(100, percent))} height="4" className="bar-fill" />
    </svg>
  );
}
