import { useTitle } from '../app/title.js';
import GetStarted from './get-started.js';

export function GetStartedPage() {
  useTitle('Add data');
  return <div className="page"><div className="page-head"><h1 className="page-title">Add data</h1></div><GetStarted /></div>;
}
