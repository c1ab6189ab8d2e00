import { describe, expect, it } from 'vitest';
import { siteClass } from './site-class.js';

describe('class of a site', () => {
  it.each([
    ['http://www.monster.com/jobs/engineer', 'job_search'], ['https://de.indeed.com/viewjob?jk=1', 'job_search'], ['dropbox.com', 'file_sharing'], ['http://wikileaks.org/Julian_Assange', 'leak_site'],
    ['https://www.refog.com/keylogger.html', 'security_tools'], ['https://intranet.example/docs?from=monster.com', ''], ['', ''], ['doc/finance/7', ''],
  ])('%s is %j', (id, expected) => { expect(siteClass(id)).toBe(expected); });
});
