import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <main className="page centred">
      <h1 className="page-title">This page does not exist</h1>
      <p className="dim">The link may be wrong, or what it led to was removed.</p>
      <Link to="/alerts" className="button primary"><span>Go to alerts</span></Link>
    </main>
  );
}
