import { SeededRandom } from '@wary/testkit/seeded-random.js';

/** Four kinds of events, written by us in the shapes that logs have: Windows events as one text, flat Sysmon and Security events, Cisco AAA syslog, Sysmon file events. */
export const LANES = ['raw', 'structured', 'syslog', 'file'] as const;
export type Lane = (typeof LANES)[number];

/** Where each lane comes from, in the pipeline format; structured and file events say it themselves (channel and event id). */
export const LANE_PIPELINES: Readonly<Record<Lane, string>> = {
  raw: 'name: raw\nroutes:\n  - { when: {}, logsource: { product: windows, service: security } }\n',
  structured: 'windows',
  syslog: 'name: syslog\nroutes:\n  - { when: {}, logsource: { product: cisco, service: aaa } }\n',
  file: 'windows',
};

const PROGRAMS = ['C:\\Windows\\System32\\svchost.exe', 'C:\\Windows\\System32\\cmd.exe', 'C:\\Windows\\explorer.exe', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE', 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'C:\\Windows\\System32\\conhost.exe', 'C:\\Program Files\\7-Zip\\7z.exe', 'C:\\Windows\\System32\\taskhostw.exe', 'C:\\Users\\alice\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe', 'C:\\Windows\\System32\\RuntimeBroker.exe', 'C:\\Windows\\System32\\backgroundTaskHost.exe', 'C:\\Program Files\\Git\\cmd\\git.exe', 'C:\\Windows\\System32\\net.exe', 'C:\\Windows\\System32\\reg.exe'];
const ARGUMENTS = ['-k netsvcs -p -s Schedule', '/c dir /b C:\\Users', '--type=renderer --lang=en-GB --device-scale-factor=1', '-ServerName:App.AppX3wsf8hg', '0xffffffff -ForceV1', 'status --porcelain', 'x archive.zip -oC:\\Temp\\out', '-NoProfile -Command Get-ChildItem C:\\Temp', 'view \\\\files01', 'query HKLM\\Software\\Vendor /s', '/n C:\\Users\\bob\\Documents\\report.docx', 'pull --rebase origin main'];
const USERS = ['CORP\\alice', 'CORP\\bob', 'NT AUTHORITY\\SYSTEM', 'CORP\\svc-backup', 'NT AUTHORITY\\NETWORK SERVICE', 'CORP\\carol'];
const HOSTS = ['ws-0142.corp.example', 'ws-0377.corp.example', 'srv-files01.corp.example', 'dc02.corp.example'];
const FOLDERS = ['C:\\Users\\alice\\AppData\\Local\\Temp\\', 'C:\\Users\\bob\\Downloads\\', 'C:\\ProgramData\\Vendor\\Cache\\', 'C:\\Windows\\Prefetch\\', 'C:\\Users\\carol\\Documents\\Projects\\', 'C:\\Program Files\\Vendor\\logs\\'];
const SUFFIXES = ['.tmp', '.log', '.docx', '.json', '.pf', '.dll', '.png', '.db-journal', '.exe', '.ps1'];
const HEX = '0123456789ABCDEF';

export function laneLines(lane: Lane, count: number, seed = 7): string[] {
  const random = new SeededRandom(seed);
  const make = { raw, structured, syslog, file }[lane];
  return Array.from({ length: count }, (_, index) => JSON.stringify(make(random, index)));
}

const hex = (random: SeededRandom, length: number): string => Array.from({ length }, () => HEX[random.below(16)]).join('');
const guid = (random: SeededRandom): string => `{${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 12)}}`;
const time = (index: number): string => new Date(1_780_000_000_000 + index * 250).toISOString();
const hashes = (random: SeededRandom): string => `SHA1=${hex(random, 40)},MD5=${hex(random, 32)},SHA256=${hex(random, 64)},IMPHASH=${hex(random, 32)}`;

function raw(random: SeededRandom, index: number): object {
  const program = random.pick(PROGRAMS);
  const body = `A new process has been created.\r\n\r\nCreator Subject:\r\n\tSecurity ID:\t\tS-1-5-21-${random.below(1e9)}-${random.below(1e9)}-1103\r\n\tAccount Name:\t\t${random.pick(USERS).split('\\')[1]}\r\n\tAccount Domain:\t\tCORP\r\n\tLogon ID:\t\t0x${hex(random, 6)}\r\n\r\nTarget Subject:\r\n\tSecurity ID:\t\tS-1-0-0\r\n\tAccount Name:\t\t-\r\n\tAccount Domain:\t\t-\r\n\tLogon ID:\t\t0x0\r\n\r\nProcess Information:\r\n\tNew Process ID:\t\t0x${hex(random, 4)}\r\n\tNew Process Name:\t${program}\r\n\tToken Elevation Type:\t%%1936\r\n\tMandatory Label:\t\tS-1-16-8192\r\n\tCreator Process ID:\t0x${hex(random, 4)}\r\n\tCreator Process Name:\t${random.pick(PROGRAMS)}\r\n\tProcess Command Line:\t"${program}" ${random.pick(ARGUMENTS)}\r\n`;
  return { message: `${time(index)} ${random.pick(HOSTS)} Microsoft-Windows-Security-Auditing[4688]: ${body}` };
}

function sysmon(random: SeededRandom, index: number, id: number): Record<string, unknown> {
  return { Channel: 'Microsoft-Windows-Sysmon/Operational', Provider_Name: 'Microsoft-Windows-Sysmon', EventID: id, Computer: random.pick(HOSTS), EventRecordID: 100_000 + index, RuleName: '-', UtcTime: time(index), ProcessGuid: guid(random), ProcessId: 400 + random.below(12_000), Image: random.pick(PROGRAMS), User: random.pick(USERS) };
}

function file(random: SeededRandom, index: number): object {
  return { ...sysmon(random, index, 11), TargetFilename: `${random.pick(FOLDERS)}${hex(random, 8).toLowerCase()}${random.pick(SUFFIXES)}`, CreationUtcTime: time(index) };
}

function structured(random: SeededRandom, index: number): object {
  const kind = random.below(10);
  const program = random.pick(PROGRAMS);
  if (kind < 4) {
    return { ...sysmon(random, index, 1), Image: program, FileVersion: '10.0.26100.1 (WinBuild.160101.0800)', Description: 'Host Process', Product: 'Microsoft Windows Operating System', Company: 'Microsoft Corporation', OriginalFileName: program.slice(program.lastIndexOf('\\') + 1), CommandLine: `"${program}" ${random.pick(ARGUMENTS)}`, CurrentDirectory: 'C:\\Windows\\system32\\', LogonGuid: guid(random), LogonId: `0x${hex(random, 6).toLowerCase()}`, TerminalSessionId: random.below(4), IntegrityLevel: random.pick(['Medium', 'High', 'System']), Hashes: hashes(random), ParentProcessGuid: guid(random), ParentProcessId: random.below(9_000), ParentImage: random.pick(PROGRAMS), ParentCommandLine: `${random.pick(PROGRAMS)} ${random.pick(ARGUMENTS)}`, ParentUser: random.pick(USERS) };
  }
  if (kind === 4) return { ...sysmon(random, index, 3), Protocol: 'tcp', Initiated: 'true', SourceIsIpv6: 'false', SourceIp: `10.1.${random.below(255)}.${random.below(255)}`, SourceHostname: random.pick(HOSTS), SourcePort: 49_152 + random.below(16_000), DestinationIsIpv6: 'false', DestinationIp: `52.${random.below(255)}.${random.below(255)}.${random.below(255)}`, DestinationHostname: `edge-${random.below(99)}.example.net`, DestinationPort: random.pick([443, 80, 445, 53, 8_080]) };
  if (kind === 5) return { ...sysmon(random, index, 7), ImageLoaded: `C:\\Windows\\System32\\${random.pick(['kernel32', 'ntdll', 'combase', 'amsi', 'wininet', 'dbghelp'])}.dll`, FileVersion: '10.0.26100.1', Description: 'API Client DLL', Product: 'Microsoft Windows Operating System', Company: 'Microsoft Corporation', OriginalFileName: 'kernel32', Hashes: hashes(random), Signed: 'true', Signature: 'Microsoft Windows', SignatureStatus: 'Valid' };
  if (kind === 6) return { ...sysmon(random, index, 13), EventType: 'SetValue', TargetObject: `HKU\\S-1-5-21-${random.below(1e9)}\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\${hex(random, 6)}`, Details: random.pick(['DWORD (0x00000001)', 'Binary Data', 'C:\\Program Files\\Vendor\\agent.exe']) };
  if (kind === 7) return file(random, index);
  const security = { Channel: 'Security', Provider_Name: 'Microsoft-Windows-Security-Auditing', Computer: random.pick(HOSTS), EventRecordID: 500_000 + index, SubjectUserSid: 'S-1-5-18', SubjectUserName: random.pick(USERS).split('\\')[1], SubjectDomainName: 'CORP', SubjectLogonId: `0x${hex(random, 5).toLowerCase()}` };
  if (kind === 8) return { ...security, EventID: 4624, TargetUserName: random.pick(USERS).split('\\')[1], TargetDomainName: 'CORP', LogonType: random.pick([2, 3, 5, 7, 10]), LogonProcessName: 'Kerberos', AuthenticationPackageName: 'Kerberos', WorkstationName: '-', IpAddress: `10.1.${random.below(255)}.${random.below(255)}`, IpPort: random.below(65_000), ProcessName: '-', ElevatedToken: '%%1843' };
  return { ...security, EventID: 4688, NewProcessId: `0x${hex(random, 4)}`, NewProcessName: program, TokenElevationType: '%%1936', ProcessId: `0x${hex(random, 4)}`, CommandLine: `${program} ${random.pick(ARGUMENTS)}`, TargetUserName: '-', ParentProcessName: random.pick(PROGRAMS), MandatoryLabel: 'S-1-16-8192' };
}

function syslog(random: SeededRandom, index: number): object {
  const command = random.pick(['show running-config interface Gi1/0/12', 'show ip route summary', 'configure terminal', 'interface GigabitEthernet1/0/4', 'no shutdown', 'show vlan brief', 'write memory', 'ping 10.2.3.4', 'show logging | include LINK', 'terminal length 0']);
  return { message: `<189>${time(index)} sw-core-${random.below(9)} ${100_000 + index}: %AAA-5-ACCOUNTING: user=${random.pick(['netops', 'noc1', 'backup-sw', 'jdoe'])} port=tty${random.below(4)} rem_addr=10.20.${random.below(255)}.${random.below(255)} task_id=${random.below(99_999)} service=shell priv-lvl=15 cmd=${command} <cr>` };
}
