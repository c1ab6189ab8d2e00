import { emptyGenAi, type Event } from '@wary/model/event.js';
import type { Json } from '@wary/model/json.js';
import { deadLetter, drop } from '@wary/pipeline/step-result.js';
import type { Mapper } from '../mapper.js';
import { readTime } from '../read-time.js';
import { addressOf, amountOf, listOf, objectOf, setAttribute, textOf, type Loose } from '../values.js';
import { mapIdentity } from './cloudtrail-identity.js';
import { actionOfEvent, grantOfPolicy, inferenceOf, resourceOf } from './cloudtrail-operations.js';

const DENIED = /AccessDenied|Unauthorized|AuthFailure|NotAuthorized|Forbidden|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|UnrecognizedClient|OptInRequired/;

/** Fields of a record that have a place of their own; `after` them the ones that need the others. */
const PLACES: { readonly [field: string]: (event: Event, value: unknown) => void } = {
  eventID: (event, value) => { event.id = textOf(value) === '' ? '' : `cloudtrail:${textOf(value)}`; },
  eventTime: (event, value) => { event.time = readTime(value); },
  sourceIPAddress: (event, value) => {
    event.client.ip = addressOf(value);
    // An AWS service that acts for somebody stands here with its name.
    if (event.client.ip === '') event.client.device = textOf(value);
  },
  userAgent: (event, value) => { event.client.userAgent = textOf(value); },
  errorMessage: (event, value) => { event.reason = textOf(value, 4_096); },
};
/** Read by name below, and not kept a second time. */
const READ = new Set(['userIdentity']);

/** AWS CloudTrail, record version 1.x: management and data events, single records and the `{"Records":[…]}` of its files (ingest takes those apart). */
export const cloudtrail: Mapper = {
  source: 'cloudtrail', format: 'json',
  unplaced: [
    'eventName', 'eventSource', 'eventVersion', 'eventType', 'eventCategory', 'awsRegion', 'errorCode', 'requestID', 'requestParameters', 'responseElements', 'additionalEventData', 'resources', 'readOnly', 'managementEvent',
    'recipientAccountId', 'sharedEventID', 'vpcEndpointId', 'serviceEventDetails', 'tlsDetails', 'sessionCredentialFromConsole', 'userIdentity.accountId', 'userIdentity.arn', 'userIdentity.accessKeyId', 'raw: sessionContext',
  ],
  mapRecord(record, event) {
    const source = objectOf(record.value);
    const name = textOf(source['eventName']);
    const service = textOf(source['eventSource']);
    const version = textOf(source['eventVersion']);
    if (name === '' || service === '') return deadLetter('unsupported_record', 'this is no CloudTrail record: eventName and eventSource are missing');
    if (version !== '' && !version.startsWith('1.')) return deadLetter('unsupported_record', 'this version of the CloudTrail record is not known: eventVersion must be 1.x');
    if (source['eventType'] === 'AwsCloudTrailInsight' || source['eventCategory'] === 'Insight') return drop('cloudtrail: an insight is about activity, and none itself');
    event.kind = 'access';
    event.time = Number.NaN;
    event.raw = record.text !== '' ? record.text : JSON.stringify(source);
    for (const key in source) {
      const place = Object.hasOwn(PLACES, key) ? PLACES[key] : undefined;
      if (place !== undefined) place(event, source[key]);
      else if (!READ.has(key) && source[key] !== null) setAttribute(event.attributes, key, source[key] as Json);
    }
    mapIdentity(source['userIdentity'], event);
    mapOutcome(event, source, name);
    mapActivity(event, source, service, name);
    return null;
  },
};

function mapOutcome(event: Event, source: Loose, name: string): void {
  const code = textOf(source['errorCode']);
  if (code !== '') event.outcome = DENIED.test(code) ? 'denied' : 'error';
  if (event.reason === '') event.reason = code;
  const more = objectOf(source['additionalEventData']);
  if (name === 'ConsoleLogin') {
    if (objectOf(source['responseElements'])['ConsoleLogin'] === 'Failure') event.outcome = 'failure';
    if (more['MFAUsed'] !== undefined) event.actor.mfa = more['MFAUsed'] === 'Yes';
  }
  const out = amountOf(more['bytesTransferredOut']);
  const into = amountOf(more['bytesTransferredIn']);
  // Of a read the answer counts, of a write what was sent.
  if (out !== null || into !== null) event.bytes = Math.max(out ?? 0, into ?? 0);
}

function mapActivity(event: Event, source: Loose, service: string, name: string): void {
  const parameters = objectOf(source['requestParameters']);
  const { id, type } = resourceOf(service, parameters, listOf(source['resources']));
  event.resource.id = id;
  event.resource.type = type;
  const operation = inferenceOf(service, name);
  event.action = operation === '' ? actionOfEvent(name) : operation;
  if (operation !== '') {
    event.kind = 'inference';
    const model = type === 'model' ? id : '';
    // Titan and Cohere name their embedding models so.
    if (operation === 'chat' && model.includes('embed')) event.action = 'embeddings';
    event.genAi = { ...emptyGenAi(), provider: 'aws.bedrock', operation: event.action, requestModel: model };
  }
  if (event.action === 'grant' || event.action === 'revoke') {
    const policy = textOf(parameters['policyArn']) || textOf(parameters['policyName']) || textOf(parameters['groupName']);
    setAttribute(event.attributes, 'grant', policy === '' ? name : grantOfPolicy(policy));
    setAttribute(event.attributes, 'object', policy || id);
  }
}
