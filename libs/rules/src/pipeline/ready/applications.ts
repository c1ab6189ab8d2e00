/** Keys under which tools take and give text: a map has no value of its own that a rule could look into. */
const ARGUMENTS = ['', '.command', '.cmd', '.args', '.script', '.code', '.url', '.uri', '.body', '.data', '.path', '.file', '.content', '.query', '.text'];
const RESULTS = ['', '.content', '.content.text', '.text', '.output', '.stdout', '.body', '.result'];
const MESSAGES = ['.parts.content', '.content', ''];
const below = (places: readonly string[], keys: readonly string[]): string => `[${places.flatMap((place) => keys.map((key) => place + key)).join(', ')}]`;

/**
 * Fields of our own events: those of the input format, those of the normalised event, and the attributes of the OpenTelemetry GenAI
 * conventions (registry 1.38). `*` where anything may be below.
 */
const OWN_FIELDS = [
  'id', 'time', 'kind', 'tenant', 'action', 'outcome', 'reason', 'purpose', 'bytes', 'rows', 'cost', 'receivedAt', 'seq', 'flags',
  ...['id', 'type', 'roles', 'group', 'session', 'mfa'].map((name) => `actor.${name}`),
  ...['source', 'client'].flatMap((side) => ['ip', 'country', 'asn', 'device', 'user_agent', 'userAgent'].map((name) => `${side}.${name}`)), 'source',
  ...['id', 'type', 'labels', 'owner'].map((name) => `resource.${name}`),
  ...['model', 'version', 'label', 'confidence', 'subject', 'features', 'truth', 'features.*', 'groups.*', 'attribution.*', 'truth.*'].map((name) => `ml.${name}`),
  ...['artifact', 'digest', 'signer', 'parents', 'bom', 'bom.*'].map((name) => `lifecycle.${name}`),
  'attributes.*', 'principal.type', 'principal.id', 'peerGroup', 'criticality', 'purposeVerdict', 'knownEgress', 'hrStatus', 'tzOffsetMinutes', 'holiday', 'registerVersion', 'piiInput.*', 'piiOutput.*', 'secretsInput.*', 'secretsOutput.*', 'canaries', 'injection', 'raw',
  ...['provider', 'operation', 'requestModel', 'responseModel', 'inputTokens', 'outputTokens', 'conversationId', 'agentName', 'toolName', 'finishReasons', 'logprobs', 'inputMessages', 'outputMessages', 'toolArguments', 'toolResult', 'inputMessages.*', 'outputMessages.*', 'toolArguments.*', 'toolResult.*', 'extra.*'].map((name) => `genAi.${name}`),
  ...['operation.name', 'system_instructions', 'system_instructions.*', 'conversation.id', 'output.type', 'data_source.id', 'provider.name', 'agent.id', 'agent.name', 'agent.description', 'agent.version', 'embeddings.dimension.count', 'evaluation.name', 'evaluation.score.value', 'evaluation.score.label', 'evaluation.explanation', 'input.messages', 'input.messages.*', 'output.messages', 'output.messages.*', 'prompt.name', 'token.type', 'retrieval.*',
    ...['model', 'choice.count', 'encoding_formats', 'frequency_penalty', 'max_tokens', 'presence_penalty', 'seed', 'stop_sequences', 'temperature', 'top_k', 'top_p', 'logprobs', 'safety_settings', 'safety_settings.*'].map((name) => `request.${name}`),
    ...['id', 'model', 'finish_reasons'].map((name) => `response.${name}`), ...['input_tokens', 'output_tokens', 'cache_read.input_tokens', 'cache_creation.input_tokens'].map((name) => `usage.${name}`),
    ...['name', 'type', 'description', 'definitions', 'definitions.*', 'call.id', 'call.arguments', 'call.arguments.*', 'call.result', 'call.result.*', 'message', 'message.*'].map((name) => `tool.${name}`)].map((name) => `gen_ai.${name}`),
];

/**
 * Our own events (`wary.event/1`): the product is wary, the category the kind; fields are written with dots. Rules use the names of the
 * input format; the same rule reads the normalised event, whose names are on the right too.
 */
export const WARY = `
name: wary
title: Wary's own events, one category for each kind
accepts:
  - { kind: [inference, access, identity, lifecycle, outcome, posture], action: true, actor.id: true }
unknown: { product: wary }
knows: ${JSON.stringify(OWN_FIELDS)}
routes:
  - { when: { kind: inference }, logsource: { product: wary, category: inference } }
  - { when: { kind: access }, logsource: { product: wary, category: access } }
  - { when: { kind: identity }, logsource: { product: wary, category: identity } }
  - { when: { kind: lifecycle }, logsource: { product: wary, category: lifecycle } }
  - { when: { kind: outcome }, logsource: { product: wary, category: outcome } }
  - { when: { kind: posture }, logsource: { product: wary, category: posture } }
fields:
  actor.on_behalf_of: [actor.on_behalf_of, actor.onBehalfOf]
  source.ip: [source.ip, client.ip]
  source.country: [source.country, client.country]
  source.asn: [source.asn, client.asn]
  source.device: [source.device, client.device]
  source.user_agent: [source.user_agent, client.userAgent]
  latency_ms: [latency_ms, latencyMs]
  gen_ai.provider.name: [gen_ai.provider.name, genAi.provider]
  gen_ai.request.model: [gen_ai.request.model, genAi.requestModel]
  gen_ai.response.model: [gen_ai.response.model, genAi.responseModel]
  gen_ai.usage.input_tokens: [gen_ai.usage.input_tokens, genAi.inputTokens]
  gen_ai.usage.output_tokens: [gen_ai.usage.output_tokens, genAi.outputTokens]
  gen_ai.conversation.id: [gen_ai.conversation.id, genAi.conversationId]
  gen_ai.agent.name: [gen_ai.agent.name, genAi.agentName]
  gen_ai.tool.name: [gen_ai.tool.name, genAi.toolName]
  gen_ai.response.finish_reasons: [gen_ai.response.finish_reasons, genAi.finishReasons]
  gen_ai.request.logprobs: [gen_ai.request.logprobs, genAi.logprobs]
  gen_ai.request.temperature: [gen_ai.request.temperature, genAi.extra.request.temperature]
  gen_ai.request.max_tokens: [gen_ai.request.max_tokens, genAi.extra.request.max_tokens]
  gen_ai.request.choice.count: [gen_ai.request.choice.count, genAi.extra.request.choice.count]
  gen_ai.request.safety_settings.threshold: [gen_ai.request.safety_settings.threshold, genAi.extra.request.safety_settings.threshold]
  gen_ai.input.text: ${below(['gen_ai.input.messages', 'genAi.inputMessages'], MESSAGES)}
  gen_ai.output.text: ${below(['gen_ai.output.messages', 'genAi.outputMessages'], MESSAGES)}
  gen_ai.retrieval.documents: ${below(['gen_ai.retrieval.documents', 'genAi.extra.retrieval.documents'], ['', '.content', '.text'])}
  gen_ai.tool.definitions.description: [gen_ai.tool.definitions.description, gen_ai.tool.definitions.function.description, genAi.extra.tool.definitions.description, genAi.extra.tool.definitions.function.description]
  gen_ai.tool.call.arguments: ${below(['gen_ai.tool.call.arguments', 'genAi.toolArguments'], ARGUMENTS)}
  gen_ai.tool.call.arguments.amount: [gen_ai.tool.call.arguments.amount, genAi.toolArguments.amount]
  gen_ai.tool.call.result: ${below(['gen_ai.tool.call.result', 'genAi.toolResult'], RESULTS)}
`;

/** Field names of the CloudTrail record reference, which the public rules use too. */
export const CLOUDTRAIL = `
name: cloudtrail
title: AWS CloudTrail records
accepts:
  - { eventSource: true, eventName: true, eventVersion: true }
  - { eventSource: true, eventName: true, awsRegion: true }
routes:
  - { when: {}, logsource: { product: aws, service: cloudtrail } }
knows: [eventVersion, userIdentity, 'userIdentity.*', eventTime, eventSource, eventName, eventType, eventID, eventCategory, awsRegion, sourceIPAddress, userAgent, requestID, requestParameters, 'requestParameters.*', responseElements, 'responseElements.*', errorCode, errorMessage, readOnly, managementEvent, recipientAccountId, sharedEventID, vpcEndpointId, vpcEndpointAccountId, apiVersion, resources, 'resources.*', additionalEventData, 'additionalEventData.*', serviceEventDetails, 'serviceEventDetails.*', tlsDetails, 'tlsDetails.*', sessionCredentialFromConsole, 'edgeDeviceDetails.*', 'addendum.*', 'eventContext.*', 'insightDetails.*']
fields:
  eventsource: [eventSource, eventsource]
  eventname: [eventName, eventname]
`;

/** System Log API; older rules write the names in lower case. */
export const OKTA = `
name: okta
title: Okta System Log
accepts:
  - { eventType: true, published: true, actor.alternateId: true }
  - { eventType: true, legacyEventType: true }
routes:
  - { when: {}, logsource: { product: okta, service: okta } }
knows: [uuid, version, published, severity, eventType, legacyEventType, displayMessage, 'actor.*', 'client.*', 'authenticationContext.*', 'outcome.*', 'securityContext.*', 'debugContext.*', 'transaction.*', 'request.*', target, 'target.*']
fields:
  eventtype: [eventType, eventtype]
  displaymessage: [displayMessage, displaymessage]
  legacyeventtype: [legacyEventType, legacyeventtype]
`;

export const GITHUB = `
name: github
title: GitHub audit log
accepts:
  - { action: true, actor: true, '@timestamp': true, org: true }
  - { action: true, actor: true, _document_id: true }
routes:
  - { when: {}, logsource: { product: github, service: audit } }
`;

/** Kubernetes audit.k8s.io/v1. */
export const KUBERNETES = `
name: kubernetes
title: Kubernetes audit events
accepts:
  - { apiVersion: [audit.k8s.io/v1, audit.k8s.io/v1beta1], kind: Event }
  - { auditID: true, verb: true }
routes:
  - { when: {}, logsource: { product: kubernetes, service: audit, category: application } }
knows: [kind, apiVersion, level, auditID, stage, requestURI, verb, user, 'user.*', 'impersonatedUser.*', sourceIPs, userAgent, 'objectRef.*', 'responseStatus.*', requestObject, 'requestObject.*', responseObject, 'responseObject.*', requestReceivedTimestamp, stageTimestamp, annotations, 'annotations.*', 'authenticationMetadata.*']
fields:
  apiGroup: [objectRef.apiGroup, apiGroup]
`;

/** JSON access logs of nginx and of Logstash's combined format; the names on the left are W3C's, as rules write them. */
export const WEBSERVER = `
name: webserver
title: Access logs of web servers
accepts:
  - { request_method: true, remote_addr: true }
  - { verb: true, clientip: true }
routes:
  - { when: {}, logsource: { category: webserver } }
knows: ['c-*', 'cs-*', 'cs(*', 's-*', 'sc-*', date, time, time-taken, time_local, server_name, server_protocol, request_time, upstream_addr, 'x-*']
fields:
  cs-method: [cs-method, request_method, verb]
  cs-uri: [cs-uri, request_uri, request]
  cs-uri-query: [cs-uri-query, request_uri, request, args]
  cs-uri-stem: [cs-uri-stem, uri, request]
  cs-host: [cs-host, host, http_host]
  cs-user-agent: [cs-user-agent, http_user_agent, agent]
  cs-referer: [cs-referer, http_referer, referrer]
  cs-username: [cs-username, remote_user, auth]
  c-ip: [c-ip, remote_addr, clientip]
  sc-status: [sc-status, status, response]
  sc-bytes: [sc-bytes, body_bytes_sent, bytes]
`;
