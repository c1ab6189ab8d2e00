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
  # Sysmon: one category for each event id.
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 }, logsource: { product: windows, service: sysmon, category: process_creation } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 2 }, logsource: { product: windows, service: sysmon, category: file_change } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 3 }, logsource: { product: windows, service: sysmon, category: network_connection } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: [4, 16] }, logsource: { product: windows, service: sysmon, category: sysmon_status } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 5 }, logsource: { product: windows, service: sysmon, category: process_termination } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 6 }, logsource: { product: windows, service: sysmon, category: driver_load } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 7 }, logsource: { product: windows, service: sysmon, category: image_load } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 8 }, logsource: { product: windows, service: sysmon, category: create_remote_thread } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 9 }, logsource: { product: windows, service: sysmon, category: raw_access_thread } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 10 }, logsource: { product: windows, service: sysmon, category: process_access } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 11 }, logsource: { product: windows, service: sysmon, category: file_event } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: [12, 13, 14] }, logsource: { product: windows, service: sysmon, category: registry_event } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 13 }, logsource: { product: windows, service: sysmon, category: registry_set } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 14 }, logsource: { product: windows, service: sysmon, category: registry_rename } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 15 }, logsource: { product: windows, service: sysmon, category: create_stream_hash } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: [17, 18] }, logsource: { product: windows, service: sysmon, category: pipe_created } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: [19, 20, 21] }, logsource: { product: windows, service: sysmon, category: wmi_event } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 22 }, logsource: { product: windows, service: sysmon, category: dns_query } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 23 }, logsource: { product: windows, service: sysmon, category: file_delete } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 24 }, logsource: { product: windows, service: sysmon, category: clipboard_change } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 24 }, logsource: { product: windows, service: sysmon, category: clipboard_capture } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 25 }, logsource: { product: windows, service: sysmon, category: process_tampering } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 26 }, logsource: { product: windows, service: sysmon, category: file_delete_detected } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 27 }, logsource: { product: windows, service: sysmon, category: file_block_executable } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 28 }, logsource: { product: windows, service: sysmon, category: file_block_shredding } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 29 }, logsource: { product: windows, service: sysmon, category: file_executable_detected } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 255 }, logsource: { product: windows, service: sysmon, category: sysmon_error } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 12, EventType: CreateKey }, logsource: { product: windows, service: sysmon, category: registry_add } }
  - { when: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 12, EventType: [DeleteKey, DeleteValue] }, logsource: { product: windows, service: sysmon, category: registry_delete } }
  # The security log says a process start in other words.
  - { when: { Channel: Security, EventID: 4688 }, logsource: { product: windows, service: security, category: process_creation }, fields: { Image: [NewProcessName, Image], ParentImage: [ParentProcessName, ParentImage] } }
  # PowerShell.
  - { when: { Channel: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'], EventID: 4103 }, logsource: { product: windows, service: powershell, category: ps_module } }
  - { when: { Channel: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'], EventID: 4104 }, logsource: { product: windows, service: powershell, category: ps_script } }
  - { when: { Channel: 'Windows PowerShell', EventID: 400 }, logsource: { product: windows, service: powershell-classic, category: ps_classic_start } }
  - { when: { Channel: 'Windows PowerShell', EventID: 600 }, logsource: { product: windows, service: powershell-classic, category: ps_classic_provider_start } }
  - { when: { Channel: 'Windows PowerShell', EventID: 800 }, logsource: { product: windows, service: powershell-classic, category: ps_classic_script } }
  # Defender as an antivirus.
  - { when: { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116] }, logsource: { product: windows, service: windefend, category: antivirus }, fields: { Signature: [ThreatName, Signature], Filename: [Path, Filename] } }
  # Flat events without a channel.
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 1 }, logsource: { product: windows, service: sysmon, category: process_creation } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 2 }, logsource: { product: windows, service: sysmon, category: file_change } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 3 }, logsource: { product: windows, service: sysmon, category: network_connection } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: [4, 16] }, logsource: { product: windows, service: sysmon, category: sysmon_status } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 5 }, logsource: { product: windows, service: sysmon, category: process_termination } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 6 }, logsource: { product: windows, service: sysmon, category: driver_load } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 7 }, logsource: { product: windows, service: sysmon, category: image_load } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 8 }, logsource: { product: windows, service: sysmon, category: create_remote_thread } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 9 }, logsource: { product: windows, service: sysmon, category: raw_access_thread } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 10 }, logsource: { product: windows, service: sysmon, category: process_access } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 11 }, logsource: { product: windows, service: sysmon, category: file_event } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: [12, 13, 14] }, logsource: { product: windows, service: sysmon, category: registry_event } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 13 }, logsource: { product: windows, service: sysmon, category: registry_set } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 14 }, logsource: { product: windows, service: sysmon, category: registry_rename } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 15 }, logsource: { product: windows, service: sysmon, category: create_stream_hash } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: [17, 18] }, logsource: { product: windows, service: sysmon, category: pipe_created } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: [19, 20, 21] }, logsource: { product: windows, service: sysmon, category: wmi_event } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 22 }, logsource: { product: windows, service: sysmon, category: dns_query } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 23 }, logsource: { product: windows, service: sysmon, category: file_delete } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 24 }, logsource: { product: windows, service: sysmon, category: clipboard_change } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 24 }, logsource: { product: windows, service: sysmon, category: clipboard_capture } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 25 }, logsource: { product: windows, service: sysmon, category: process_tampering } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 26 }, logsource: { product: windows, service: sysmon, category: file_delete_detected } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 27 }, logsource: { product: windows, service: sysmon, category: file_block_executable } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 28 }, logsource: { product: windows, service: sysmon, category: file_block_shredding } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 29 }, logsource: { product: windows, service: sysmon, category: file_executable_detected } }
  - { when: { Provider_Name: Microsoft-Windows-Sysmon, EventID: 255 }, logsource: { product: windows, service: sysmon, category: sysmon_error } }
`;
