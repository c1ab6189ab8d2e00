import type { Event } from '@wary/model/event.js';
import { idOf, objectOf, textOf, type Loose } from '../values.js';

/** userIdentity element of CloudTrail, by its type: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const IDENTITIES: { readonly [type: string]: (identity: Loose, event: Event) => void } = {
  IAMUser: (identity, event) => {
    const name = idOf(identity['userName']);
    // A failed console sign-in with an unknown name hides it: what is tried belongs to the address that tries.
    if (name === 'HIDDEN_DUE_TO_SECURITY_REASONS') setActor(event, 'device', event.client.ip);
    else setActor(event, 'user', name || tailOf(identity['arn']));
  },
  Root: (identity, event) => {
    setActor(event, 'user', `root:${textOf(identity['accountId'])}`);
    event.actor.roles = ['root'];
  },
  AssumedRole: (identity, event) => {
    const context = objectOf(identity['sessionContext']);
    const role = textOf(objectOf(context['sessionIssuer'])['userName']) || roleOfArn(textOf(identity['arn']));
    const session = tailOf(identity['arn']) || afterColon(identity['principalId']);
    const person = idOf(context['sourceIdentity']) || idOf(identity['sourceIdentity']);
    event.actor.roles = role === '' ? [] : [role];
    event.actor.session = session;
    // The session of a person's single sign-on is named after the person; elsewhere its name is anybody's choice, so the role acts.
    if (person !== '') setActor(event, 'user', person);
    else if (role.startsWith('AWSReservedSSO_') || session.includes('@')) setActor(event, 'user', session);
    else setActor(event, 'service', role || session);
  },
  Role: (identity, event) => { setActor(event, 'service', textOf(objectOf(objectOf(identity['sessionContext'])['sessionIssuer'])['userName']) || roleOfArn(textOf(identity['arn'])) || idOf(identity['principalId'])); },
  FederatedUser: (identity, event) => {
    setActor(event, 'user', tailOf(identity['arn']) || afterColon(identity['principalId']));
    const issuer = textOf(objectOf(objectOf(identity['sessionContext'])['sessionIssuer'])['userName']);
    if (issuer !== '') event.attributes['aws.session_issuer'] = issuer;
  },
  IdentityCenterUser: (identity, event) => {
    setActor(event, 'user', idOf(objectOf(identity['onBehalfOf'])['userId']));
    event.actor.session = idOf(identity['credentialId']);
  },
  SAMLUser: (identity, event) => { setActor(event, 'user', idOf(identity['userName']) || afterColon(identity['principalId'])); },
  WebIdentityUser: (identity, event) => { setActor(event, 'user', idOf(identity['userName']) || afterColon(identity['principalId'])); },
  AWSService: (identity, event) => { setActor(event, 'service', idOf(identity['invokedBy'])); },
  AWSAccount: (identity, event) => { setActor(event, 'service', `account:${textOf(identity['accountId'])}`); },
};

export function mapIdentity(value: unknown, event: Event): void {
  const identity = objectOf(value);
  const type = textOf(identity['type']);
  const map = Object.hasOwn(IDENTITIES, type) ? IDENTITIES[type] : undefined;
  if (map === undefined) setActor(event, 'user', idOf(identity['userName']) || idOf(identity['principalId']) || idOf(identity['accountId']));
  else map(identity, event);
  const attributes = objectOf(objectOf(identity['sessionContext'])['attributes']);
  const mfa = attributes['mfaAuthenticated'];
  if (mfa !== undefined) event.actor.mfa = mfa === true || mfa === 'true';
  const keep = { type, accountId: textOf(identity['accountId']), arn: textOf(identity['arn']), accessKeyId: textOf(identity['accessKeyId']), invokedBy: textOf(identity['invokedBy']) };
  for (const [name, text] of Object.entries(keep)) if (text !== '') event.attributes[`userIdentity.${name}`] = text;
}

function setActor(event: Event, type: 'user' | 'service' | 'device', id: string): void {
  event.actor.type = type;
  event.actor.id = id;
}
const tailOf = (arn: unknown): string => {
  const text = textOf(arn);
  return text.includes('/') ? text.slice(text.lastIndexOf('/') + 1) : '';
};
const roleOfArn = (arn: string): string => (arn.includes('/') ? arn.split('/').at(arn.includes(':assumed-role/') ? 1 : -1) ?? '' : '');
const afterColon = (id: unknown): string => {
  const text = idOf(id);
  return text.slice(text.indexOf(':') + 1);
};
