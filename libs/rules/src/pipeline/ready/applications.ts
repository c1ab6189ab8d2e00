/** Our own events (`wary.event/1`): the product is wary, the category the kind; fields are written with dots. */
export const WARY = `
name: wary
title: Wary's own events, one category for each kind
accepts:
  - { kind: [inference, access, identity, lifecycle, outcome, posture], action: true, actor.id: true }
unknown: { product: wary }
routes:
  - { when: { kind: inference }, logsource: { product: wary, category: inference } }
  - { when: { kind: access }, logsource: { product: wary, category: access } }
  - { when: { kind: identity }, logsource: { product: wary, category: identity } }
  - { when: { kind: lifecycle }, logsource: { product: wary, category: lifecycle } }
  - { when: { kind: outcome }, logsource: { product: wary, category: outcome } }
  - { when: { kind: posture }, logsource: { product: wary, category: posture } }
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
