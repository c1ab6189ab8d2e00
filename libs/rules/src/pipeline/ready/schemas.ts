/** OCSF classes by `class_uid` (schema.ocsf.io 1.x), with the fields that the public rules of their category read. */
export const OCSF = `
name: ocsf
title: OCSF events
accepts:
  - { class_uid: true }
unknown: {}
knows: ['*.*', '*_*', action, count, duration, message, metadata, observables, raw_data, severity, status, time, unmapped]
routes:
  - when: { class_uid: 6003, cloud.provider: [AWS, aws] }
    logsource: { product: aws, service: cloudtrail }
    fields:
      eventSource: api.service.name
      eventName: api.operation
      errorCode: api.response.error
      errorMessage: api.response.message
      awsRegion: cloud.region
      sourceIPAddress: src_endpoint.ip
      userAgent: http_request.user_agent
      userIdentity.arn: actor.user.uid
      userIdentity.type: actor.user.type
      userIdentity.userName: actor.user.name
  - { when: { class_uid: 6003 }, logsource: { product: ocsf, category: api_activity } }
  - { when: { class_uid: 6005 }, logsource: { product: ocsf, category: datastore_activity } }
  - { when: { class_uid: 3001 }, logsource: { product: ocsf, category: account_change } }
  - { when: { class_uid: 3002 }, logsource: { product: ocsf, category: authentication } }
  - { when: { class_uid: 3005 }, logsource: { product: ocsf, category: user_access } }
  - when: { class_uid: 1007, device.os.type: [Windows, windows] }
    logsource: { product: windows, category: process_creation }
    fields: &process_fields
      Image: process.file.path
      OriginalFileName: process.file.internal_name
      CommandLine: process.cmd_line
      CurrentDirectory: process.working_directory
      ProcessId: process.pid
      User: process.user.name
      ParentImage: [process.parent_process.file.path, actor.process.file.path]
      ParentCommandLine: [process.parent_process.cmd_line, actor.process.cmd_line]
      IntegrityLevel: process.integrity
  - { when: { class_uid: 1007, device.os.type: [Linux, linux] }, logsource: { product: linux, category: process_creation }, fields: *process_fields }
  - { when: { class_uid: 1007, device.os.type: [macOS, macos] }, logsource: { product: macos, category: process_creation }, fields: *process_fields }
  - when: { class_uid: 1001, device.os.type: [Windows, windows] }
    logsource: { product: windows, category: file_event }
    fields: &file_fields { TargetFilename: file.path, Image: actor.process.file.path, User: actor.user.name }
  - { when: { class_uid: 1001, device.os.type: [Linux, linux] }, logsource: { product: linux, category: file_event }, fields: *file_fields }
  - { when: { class_uid: 1001, device.os.type: [macOS, macos] }, logsource: { product: macos, category: file_event }, fields: *file_fields }
  - when: { class_uid: 4003 }
    logsource: { category: dns }
    fields: { query: query.hostname, QueryName: query.hostname, record_type: query.type, answer: answers.rdata }
  - when: { class_uid: 4002 }
    logsource: { category: webserver }
    fields: &http_fields
      cs-method: http_request.http_method
      cs-uri: http_request.url.url_string
      cs-uri-query: [http_request.url.query_string, http_request.url.path]
      cs-uri-stem: http_request.url.path
      cs-host: http_request.url.hostname
      cs-user-agent: http_request.user_agent
      cs-referer: http_request.referrer
      c-uri: http_request.url.url_string
      c-uri-query: http_request.url.query_string
      c-useragent: http_request.user_agent
      c-ip: src_endpoint.ip
      sc-status: http_response.code
  - { when: { class_uid: 4002 }, logsource: { category: proxy }, fields: *http_fields }
`;

/** Spans and log records, one an event, attributes as a map or as OTLP's list of key and value. GenAI names are those of the semantic conventions. */
export const OTEL = `
name: otel
title: OpenTelemetry spans and log records
accepts:
  - { traceId: true, spanId: true }
  - { trace_id: true, span_id: true }
  - { severityNumber: true, body: true }
flatten: otel
unknown: { product: otel }
routes:
  - { when: { gen_ai.operation.name: true }, logsource: { product: otel, category: inference } }
  - { when: { db.system.name: true }, logsource: { product: otel, category: database } }
  - { when: { db.system: true }, logsource: { product: otel, category: database } }
  - { when: { rpc.system: true }, logsource: { product: otel, category: rpc } }
  - when: { http.request.method: true }
    logsource: { category: webserver, product: otel }
    fields:
      cs-method: http.request.method
      cs-uri: url.full
      cs-uri-query: [url.query, url.path]
      cs-uri-stem: url.path
      cs-host: server.address
      cs-user-agent: user_agent.original
      c-ip: client.address
      sc-status: http.response.status_code
`;
