/** Classes of sites that bear on leaving, leaking and sabotage, by parts of host names that are known to everybody. A proxy's own labels are better, and are taken first. */
const CLASSES: readonly (readonly [string, readonly string[]])[] = [
  ['job_search', ['monster.', 'indeed.', 'careerbuilder.', 'glassdoor.', 'simplyhired.', 'ziprecruiter.', 'stepstone.', 'jobhunt', 'jobs.', 'careers.', 'hotjobs.', 'dice.com', 'linkedin.', 'xing.', 'craigslist.', 'job-hunt', 'jobsearch', 'recruit']],
  ['file_sharing', ['dropbox.', 'wetransfer.', 'mega.nz', 'mega.co', 'mediafire.', '4shared.', 'rapidshare.', 'sendspace.', 'box.com', 'drive.google.', 'onedrive.', 'pastebin.', 'gofile.', 'transfer.sh', 'file.io', 'anonfiles', 'megaupload.']],
  ['leak_site', ['wikileaks.', 'cryptome.', 'doxbin', 'breachforums', '.onion']],
  ['security_tools', ['keylog', 'actualkeylogger', 'spector', 'refog', 'wellresearchedreviews', 'softactivity', 'exploit-db', 'hackforums', 'kali.org', 'metasploit', 'nmap.org', 'mimikatz']],
];

/** Class of a URL or host, '' when it is none of these. */
export function siteClass(id: string): string {
  const scheme = id.indexOf('://');
  const from = scheme < 0 ? 0 : scheme + 3;
  let end = id.length;
  for (let i = from; i < id.length; i += 1) { const unit = id.charCodeAt(i); if (unit === 47 || unit === 63 || unit === 35) { end = i; break; } }
  const host = id.slice(from, Math.min(end, from + 255)).toLowerCase();
  for (const [name, parts] of CLASSES) for (const part of parts) if (host.includes(part)) return name;
  return '';
}
