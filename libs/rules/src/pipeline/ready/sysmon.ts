/** What every event of Windows has beside its own data, as `flattenWindows` names it. */
export const WINDOWS_SYSTEM = ['Channel', 'Computer', 'EventID', 'EventRecordID', 'EventSourceName', 'Provider_*', 'Level', 'Task', 'Opcode', 'Keywords', 'Version', 'TimeCreated_SystemTime', 'Correlation_*', 'Execution_*', 'Security_UserID'] as const;

const PROCESS = ['ProcessGuid', 'ProcessId', 'Image', 'User'] as const;
const FILE = [...PROCESS, 'TargetFilename', 'CreationUtcTime'] as const;
const VERSION_INFO = ['FileVersion', 'Description', 'Product', 'Company', 'OriginalFileName'] as const;
const SIGNATURE = ['Signed', 'Signature', 'SignatureStatus'] as const;
const REGISTRY = [...PROCESS, 'EventType', 'TargetObject'] as const;
const DELETED = [...PROCESS, 'TargetFilename', 'Hashes', 'IsExecutable'] as const;

interface SysmonKind { readonly ids: readonly number[]; readonly category: string; readonly data: readonly string[]; readonly eventTypes?: readonly string[] }
/** Event ids, Sigma's category, and the fields of the event's data as Sysmon's manual and schema (4.90) name them. */
const KINDS: readonly SysmonKind[] = [
  { ids: [1], category: 'process_creation', data: [...PROCESS, ...VERSION_INFO, 'CommandLine', 'CurrentDirectory', 'LogonGuid', 'LogonId', 'TerminalSessionId', 'IntegrityLevel', 'Hashes', 'ParentProcessGuid', 'ParentProcessId', 'ParentImage', 'ParentCommandLine', 'ParentUser'] },
  { ids: [2], category: 'file_change', data: [...FILE, 'PreviousCreationUtcTime'] },
  { ids: [3], category: 'network_connection', data: [...PROCESS, 'Protocol', 'Initiated', 'SourceIsIpv6', 'SourceIp', 'SourceHostname', 'SourcePort', 'SourcePortName', 'DestinationIsIpv6', 'DestinationIp', 'DestinationHostname', 'DestinationPort', 'DestinationPortName'] },
  { ids: [4, 16], category: 'sysmon_status', data: ['State', 'SchemaVersion', 'Configuration', 'ConfigurationFileHash'] },
  { ids: [5], category: 'process_termination', data: PROCESS },
  { ids: [6], category: 'driver_load', data: ['ImageLoaded', 'Hashes', ...SIGNATURE] },
  { ids: [7], category: 'image_load', data: [...PROCESS, ...VERSION_INFO, ...SIGNATURE, 'ImageLoaded', 'Hashes'] },
  { ids: [8], category: 'create_remote_thread', data: ['SourceProcessGuid', 'SourceProcessId', 'SourceImage', 'SourceUser', 'TargetProcessGuid', 'TargetProcessId', 'TargetImage', 'TargetUser', 'NewThreadId', 'StartAddress', 'StartModule', 'StartFunction'] },
  { ids: [9], category: 'raw_access_thread', data: [...PROCESS, 'Device'] },
  { ids: [10], category: 'process_access', data: ['SourceProcessGUID', 'SourceProcessId', 'SourceThreadId', 'SourceImage', 'SourceUser', 'TargetProcessGUID', 'TargetProcessId', 'TargetImage', 'TargetUser', 'GrantedAccess', 'CallTrace'] },
  { ids: [11], category: 'file_event', data: FILE },
  { ids: [12, 13, 14], category: 'registry_event', data: [...REGISTRY, 'Details', 'NewName'] },
  { ids: [12], category: 'registry_add', data: REGISTRY, eventTypes: ['CreateKey'] },
  { ids: [12], category: 'registry_delete', data: REGISTRY, eventTypes: ['DeleteKey', 'DeleteValue'] },
  { ids: [13], category: 'registry_set', data: [...REGISTRY, 'Details'] },
  { ids: [14], category: 'registry_rename', data: [...REGISTRY, 'NewName'] },
  { ids: [15], category: 'create_stream_hash', data: [...FILE, 'Hash', 'Contents'] },
  { ids: [17, 18], category: 'pipe_created', data: [...PROCESS, 'EventType', 'PipeName'] },
  { ids: [19, 20, 21], category: 'wmi_event', data: ['EventType', 'Operation', 'User', 'EventNamespace', 'Name', 'Query', 'Type', 'Destination', 'Consumer', 'Filter'] },
  { ids: [22], category: 'dns_query', data: [...PROCESS, 'QueryName', 'QueryStatus', 'QueryResults'] },
  { ids: [23], category: 'file_delete', data: [...DELETED, 'Archived'] },
  { ids: [24], category: 'clipboard_change', data: [...PROCESS, 'Session', 'ClientInfo', 'Hashes', 'Archived'] },
  { ids: [24], category: 'clipboard_capture', data: [...PROCESS, 'Session', 'ClientInfo', 'Hashes', 'Archived'] },
  { ids: [25], category: 'process_tampering', data: [...PROCESS, 'Type'] },
  { ids: [26], category: 'file_delete_detected', data: DELETED },
  { ids: [27], category: 'file_block_executable', data: [...PROCESS, 'TargetFilename', 'Hashes'] },
  { ids: [28], category: 'file_block_shredding', data: DELETED },
  { ids: [29], category: 'file_executable_detected', data: [...PROCESS, 'TargetFilename', 'Hashes'] },
  { ids: [255], category: 'sysmon_error', data: ['ID', 'Description'] },
];

/** Routes of a pipeline file: one category for each kind of Sysmon event. The first set names its lists of fields, the second reads them again. */
function routes(sign: Readonly<Record<string, string>>, knows: (kind: SysmonKind) => string): string {
  return KINDS.map((kind) => {
    const { ids, category, eventTypes } = kind;
    const when = { ...sign, EventID: ids, ...(eventTypes === undefined ? {} : { EventType: eventTypes }) };
    return `  - { when: ${JSON.stringify(when)}, logsource: { product: windows, service: sysmon, category: ${category} }, knows: ${knows(kind)} }`;
  }).join('\n');
}

/** Told by the channel. `windows_system` is the name of a list written before. */
export const SYSMON_BY_CHANNEL = routes({ Channel: 'Microsoft-Windows-Sysmon/Operational' }, ({ category, data }) => `&sysmon_${category} [*windows_system, RuleName, UtcTime, ${data.join(', ')}]`);
/** Told by the provider, where a flat event has no channel. */
export const SYSMON_BY_PROVIDER = routes({ Provider_Name: 'Microsoft-Windows-Sysmon' }, ({ category }) => `*sysmon_${category}`);
