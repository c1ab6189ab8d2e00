import { actionOfOperation } from '../api-verbs.js';
import { textOf, type Loose } from '../values.js';

/** eventNames whose verb does not say what they are. Everything else goes by its verb. */
const ACTIONS: ReadonlyMap<string, string> = new Map(Object.entries({
  download: ['GetObject', 'GetObjectTorrent', 'SelectObjectContent', 'DownloadDBLogFilePortion', 'GetSnapshotBlock'],
  copy: ['CopyObject', 'CopySnapshot', 'CopyImage', 'CopyDBSnapshot', 'CopyDBClusterSnapshot', 'UploadPartCopy'],
  snapshot: ['CreateSnapshot', 'CreateSnapshots', 'CreateDBSnapshot', 'CreateDBClusterSnapshot', 'CreateImage', 'CreateBackup'],
  export: ['StartExportTask', 'CreateExportTask', 'CreateInstanceExportTask', 'ExportTableToPointInTime', 'UnloadTable'],
  assume: ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken', 'SwitchRole'],
  logon: ['ConsoleLogin', 'UserAuthentication', 'CredentialVerification', 'CheckMfa'],
  logoff: ['Logout', 'ConsoleLogout'],
  grant: [
    'AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy', 'PutUserPolicy', 'PutRolePolicy', 'PutGroupPolicy', 'AddUserToGroup', 'AddRoleToInstanceProfile', 'CreateAccessKey', 'CreateLoginProfile',
    'UpdateAssumeRolePolicy', 'PutBucketPolicy', 'PutBucketAcl', 'PutObjectAcl', 'AddPermission', 'ModifySnapshotAttribute', 'ModifyImageAttribute', 'ModifyDBSnapshotAttribute', 'AuthorizeSecurityGroupIngress',
    'CreateGrant', 'PutKeyPolicy', 'CreateAccountAssignment', 'PutPublicAccessBlock',
  ],
  revoke: ['DetachUserPolicy', 'DetachRolePolicy', 'DetachGroupPolicy', 'DeleteUserPolicy', 'DeleteRolePolicy', 'RemoveUserFromGroup', 'DeleteAccessKey', 'DeleteLoginProfile', 'DeleteBucketPolicy', 'RemovePermission', 'RetireGrant', 'RevokeGrant', 'DeleteAccountAssignment'],
  deploy: ['CreateEndpoint', 'UpdateEndpoint', 'UpdateFunctionCode', 'CreateModelPackage', 'CreateDeployment', 'UpdateService'],
}).flatMap(([action, names]) => names.map((name) => [name, action] as const)));

/** Lambda and IoT write the version of their API behind the name (`AddPermission20150331v2`). */
export const actionOfEvent = (eventName: string): string => {
  const name = eventName.replace(/\d{8}(?:v\d+)?$/, '');
  return ACTIONS.get(name) ?? (actionOfOperation(name) || 'call');
};

/** Bedrock's runtime: the operation as OpenTelemetry names it. */
const INFERENCES: ReadonlyMap<string, string> = new Map([
  ['InvokeModel', 'chat'], ['InvokeModelWithResponseStream', 'chat'], ['InvokeModelWithBidirectionalStream', 'chat'], ['Converse', 'chat'], ['ConverseStream', 'chat'], ['StartAsyncInvoke', 'generate_content'],
  ['InvokeAgent', 'invoke_agent'], ['InvokeInlineAgent', 'invoke_agent'], ['InvokeFlow', 'invoke_workflow'], ['Retrieve', 'retrieval'], ['RetrieveAndGenerate', 'retrieval'], ['RetrieveAndGenerateStream', 'retrieval'],
]);
export const inferenceOf = (eventSource: string, eventName: string): string => (eventSource.startsWith('bedrock') ? INFERENCES.get(eventName) ?? '' : '');

/** Request parameters that name what was acted on, the more precise first → type of the resource. */
const RESOURCES: ReadonlyArray<readonly [parameter: string, type: string]> = [
  ['tableName', 'table'], ['secretId', 'secret'], ['functionName', 'application'], ['modelName', 'model'], ['modelId', 'model'], ['endpointName', 'model'], ['modelPackageName', 'model'], ['agentId', 'application'],
  ['knowledgeBaseId', 'dataset'], ['dBSnapshotIdentifier', 'database'], ['dBInstanceIdentifier', 'database'], ['dBClusterIdentifier', 'database'], ['databaseName', 'database'], ['snapshotId', 'disk'], ['volumeId', 'disk'],
  ['imageId', 'image'], ['instanceId', 'host'], ['repositoryName', 'repository'], ['keyId', 'key'], ['logGroupName', 'log'], ['queueUrl', 'queue'], ['topicArn', 'topic'], ['roleArn', 'role'], ['trailName', 'log'],
];
/** Of IAM, the person first: markers of rights name who gets them. */
const IAM_RESOURCES: ReadonlyArray<readonly [parameter: string, type: string]> = [['userName', 'user'], ['groupName', 'group'], ['roleName', 'role'], ['instanceProfileName', 'role'], ['policyArn', 'policy'], ['policyName', 'policy']];

export function resourceOf(eventSource: string, parameters: Loose, resources: readonly unknown[]): { id: string; type: string } {
  const bucket = textOf(parameters['bucketName']);
  if (bucket !== '') {
    const key = textOf(parameters['key']);
    return key === '' ? { id: `s3://${bucket}`, type: 'bucket' } : { id: `s3://${bucket}/${key}`, type: 'file' };
  }
  for (const [parameter, type] of eventSource === 'iam.amazonaws.com' ? IAM_RESOURCES : RESOURCES) {
    const id = textOf(parameters[parameter]);
    if (id !== '') return { id: type === 'model' && id.startsWith('arn:') ? id.slice(id.lastIndexOf('/') + 1) : id, type };
  }
  const first = resources[0] as Loose | undefined;
  const arn = typeof first === 'object' && first !== null ? textOf(first['ARN']) || textOf(first['arn']) : '';
  return arn === '' ? { id: eventSource.replace('.amazonaws.com', ''), type: 'application' } : { id: arn, type: typeOfArn(textOf(first!['type'])) };
}
/** `AWS::S3::Object` → object. */
const typeOfArn = (type: string): string => type.slice(type.lastIndexOf(':') + 1).toLowerCase() || 'application';

/** What a policy allows, by the name that AWS gives its own. */
export function grantOfPolicy(policy: string): string {
  if (/AdministratorAccess|PowerUserAccess|IAMFullAccess/.test(policy)) return 'admin';
  if (/ReadOnly/.test(policy)) return 'read';
  return /FullAccess/.test(policy) ? 'write' : policy.slice(policy.lastIndexOf('/') + 1);
}
