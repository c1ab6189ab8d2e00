import { SYSMON_BY_CHANNEL, SYSMON_BY_PROVIDER, WINDOWS_SYSTEM } from './sysmon.js';

/** Data of 4688, "A new process has been created", of 4104 and of 4103, as Windows names them. */
const PROCESS_STARTED = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId', 'NewProcessId', 'NewProcessName', 'TokenElevationType', 'ProcessId', 'CommandLine', 'TargetUserSid', 'TargetUserName', 'TargetDomainName', 'TargetLogonId', 'ParentProcessName', 'MandatoryLabel'];
const SCRIPT_BLOCK = ['MessageNumber', 'MessageTotal', 'ScriptBlockText', 'ScriptBlockId', 'Path'];
const MODULE_LOG = ['ContextInfo', 'UserData', 'Payload'];

/** Channels and event ids are those of the Windows event log and of Sysmon's manual; names of services and categories are Sigma's. */
export const WINDOWS = `
name: windows
title: Windows event logs, nested (Event.System, Event.EventData) or flat
accepts:
  - Event.System: true
  - { Channel: true, EventID: true }
  - { Provider_Name: Microsoft-Windows-Sysmon, EventID: true }
flatten: windows
unknown: { product: windows }
routes:
  - { when: { Channel: ['Application'] }, logsource: { product: windows, service: application } }
  - { when: { Channel: ['Security'] }, logsource: { product: windows, service: security } }
  - { when: { Channel: ['System'] }, logsource: { product: windows, service: system } }
  - { when: { Channel: ['Microsoft-Windows-NTLM/Operational'] }, logsource: { product: windows, service: ntlm } }
  - { when: { Channel: ['Microsoft-Windows-Sysmon/Operational'] }, logsource: { product: windows, service: sysmon } }
  - { when: { Channel: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'] }, logsource: { product: windows, service: powershell } }
  - { when: { Channel: ['Windows PowerShell'] }, logsource: { product: windows, service: powershell-classic } }
  - { when: { Channel: ['Microsoft-Windows-TaskScheduler/Operational'] }, logsource: { product: windows, service: taskscheduler } }
  - { when: { Channel: ['Microsoft-Windows-WMI-Activity/Operational'] }, logsource: { product: windows, service: wmi } }
  - { when: { Channel: ['Microsoft-Windows-DHCP-Server/Operational'] }, logsource: { product: windows, service: dhcp } }
  - { when: { Channel: ['Microsoft-Windows-PrintService/Admin'] }, logsource: { product: windows, service: printservice-admin } }
  - { when: { Channel: ['Microsoft-Windows-PrintService/Operational'] }, logsource: { product: windows, service: printservice-operational } }
  - { when: { Channel: ['Microsoft-Windows-SmbClient/Security'] }, logsource: { product: windows, service: smbclient-security } }
  - { when: { Channel: ['Microsoft-Windows-SmbClient/Connectivity'] }, logsource: { product: windows, service: smbclient-connectivity } }
  - { when: { Channel: ['Microsoft-Windows-SMBServer/Connectivity'] }, logsource: { product: windows, service: smbserver-connectivity } }
  - { when: { Channel: ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'] }, logsource: { product: windows, service: terminalservices-localsessionmanager } }
  - { when: { Channel: ['Microsoft-Windows-CodeIntegrity/Operational'] }, logsource: { product: windows, service: codeintegrity-operational } }
  - { when: { Channel: ['Microsoft-Windows-AppLocker/MSI and Script', 'Microsoft-Windows-AppLocker/EXE and DLL', 'Microsoft-Windows-AppLocker/Packaged app-Deployment', 'Microsoft-Windows-AppLocker/Packaged app-Execution'] }, logsource: { product: windows, service: applocker } }
  - { when: { Channel: ['MSExchange Management'] }, logsource: { product: windows, service: msexchange-management } }
  - { when: { Channel: ['Microsoft-Windows-Windows Defender/Operational'] }, logsource: { product: windows, service: windefend } }
  - { when: { Channel: ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'] }, logsource: { product: windows, service: firewall-as } }
  - { when: { Channel: ['Microsoft-Windows-Bits-Client/Operational'] }, logsource: { product: windows, service: bits-client } }
  - { when: { Channel: ['Microsoft-Windows-Security-Mitigations/Kernel Mode', 'Microsoft-Windows-Security-Mitigations/User Mode'] }, logsource: { product: windows, service: security-mitigations } }
  - { when: { Channel: ['Microsoft-Windows-Diagnosis-Scripted/Operational'] }, logsource: { product: windows, service: diagnosis-scripted } }
  - { when: { Channel: ['Microsoft-Windows-Shell-Core/Operational'] }, logsource: { product: windows, service: shell-core } }
  - { when: { Channel: ['OpenSSH/Operational'] }, logsource: { product: windows, service: openssh } }
  - { when: { Channel: ['Microsoft-Windows-LDAP-Client/Debug'] }, logsource: { product: windows, service: ldap } }
  - { when: { Channel: ['Microsoft-Windows-BitLocker/BitLocker Management'] }, logsource: { product: windows, service: bitlocker } }
  - { when: { Channel: ['Microsoft-Windows-VHDMP/Operational'] }, logsource: { product: windows, service: vhdmp } }
  - { when: { Channel: ['Microsoft-Windows-AppXDeploymentServer/Operational'] }, logsource: { product: windows, service: appxdeployment-server } }
  - { when: { Channel: ['Microsoft-Windows-LSA/Operational'] }, logsource: { product: windows, service: lsa-server } }
  - { when: { Channel: ['Microsoft-Windows-AppxPackaging/Operational'] }, logsource: { product: windows, service: appxpackaging-om } }
  - { when: { Channel: ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'] }, logsource: { product: windows, service: dns-client } }
  - { when: { Channel: ['DNS Server'] }, logsource: { product: windows, service: dns-server } }
  - { when: { Channel: ['Microsoft-Windows-DNS-Server/Analytical'] }, logsource: { product: windows, service: dns-server-analytic } }
  - { when: { Channel: ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'] }, logsource: { product: windows, service: driver-framework } }
  - { when: { Channel: ['Microsoft-Windows-AppModel-Runtime/Admin'] }, logsource: { product: windows, service: appmodel-runtime } }
  - { when: { Channel: ['Microsoft-Windows-CAPI2/Operational'] }, logsource: { product: windows, service: capi2 } }
  - { when: { Channel: ['Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational'] }, logsource: { product: windows, service: certificateservicesclient-lifecycle-system } }
  - { when: { Channel: ['Microsoft-Windows-Kernel-ShimEngine/Operational', 'Microsoft-Windows-Kernel-ShimEngine/Diagnostic'] }, logsource: { product: windows, service: kernel-shimengine } }
  - { when: { Channel: ['Microsoft-Windows-Application-Experience/Program-Telemetry', 'Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant'] }, logsource: { product: windows, service: application-experience } }
  - { when: { Channel: ['Microsoft-Windows-Ntfs/Operational'] }, logsource: { product: windows, service: ntfs } }
  - { when: { Channel: ['Microsoft-Windows-Hyper-V-Worker', 'Microsoft-Windows-Hyper-V-Worker-Admin'] }, logsource: { product: windows, service: hyper-v-worker } }
  - { when: { Channel: ['Microsoft-Windows-Kernel-EventTracing', 'Microsoft-Windows-Kernel-EventTracing/Admin'] }, logsource: { product: windows, service: kernel-event-tracing } }
  - { when: { Channel: ['Microsoft-Windows-SENSE/Operational'] }, logsource: { product: windows, service: sense } }
  - { when: { Channel: ['Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational'] }, logsource: { product: windows, service: servicebus-client } }
  - { when: { Channel: ['Microsoft-ServiceBus-Client', 'Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational'] }, logsource: { product: windows, service: microsoft-servicebus-client } }
  - { when: { Channel: ['Microsoft-IIS-Configuration/Operational'] }, logsource: { product: windows, service: iis-configuration } }
  # The security log says a process start in other words.
  - { when: { Channel: Security, EventID: 4688 }, logsource: { product: windows, service: security, category: process_creation }, fields: { Image: [NewProcessName, Image], ParentImage: [ParentProcessName, ParentImage] }, knows: [&windows_system ${JSON.stringify(WINDOWS_SYSTEM)}, ${PROCESS_STARTED.join(', ')}] }
  # Sysmon: one category for each event id.
${SYSMON_BY_CHANNEL}
  # PowerShell.
  - { when: { Channel: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'], EventID: 4103 }, logsource: { product: windows, service: powershell, category: ps_module }, knows: [*windows_system, ${MODULE_LOG.join(', ')}] }
  - { when: { Channel: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'], EventID: 4104 }, logsource: { product: windows, service: powershell, category: ps_script }, knows: [*windows_system, ${SCRIPT_BLOCK.join(', ')}] }
  - { when: { Channel: 'Windows PowerShell', EventID: 400 }, logsource: { product: windows, service: powershell-classic, category: ps_classic_start } }
  - { when: { Channel: 'Windows PowerShell', EventID: 600 }, logsource: { product: windows, service: powershell-classic, category: ps_classic_provider_start } }
  - { when: { Channel: 'Windows PowerShell', EventID: 800 }, logsource: { product: windows, service: powershell-classic, category: ps_classic_script } }
  # Defender as an antivirus.
  - { when: { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116] }, logsource: { product: windows, service: windefend, category: antivirus }, fields: { Signature: [ThreatName, Signature], Filename: [Path, Filename] } }
  # Flat events without a channel.
${SYSMON_BY_PROVIDER}
`;
