const VERBS: ReadonlyMap<string, string> = new Map(Object.entries({
  read: ['get', 'list', 'describe', 'head', 'lookup', 'search', 'query', 'scan', 'select', 'batch', 'check', 'view', 'read', 'fetch', 'find', 'count', 'test', 'validate', 'estimate', 'preview', 'simulate', 'retrieve', 'poll', 'receive', 'filter', 'watch', 'stat', 'ping'],
  write: ['put', 'create', 'update', 'modify', 'set', 'add', 'tag', 'untag', 'run', 'start', 'stop', 'register', 'associate', 'disassociate', 'import', 'write', 'insert', 'upsert', 'upload', 'patch', 'change', 'replace', 'enable', 'disable', 'reset', 'restore', 'reboot', 'resume', 'edit', 'save', 'store', 'append', 'rename', 'move', 'configure', 'complete'],
  delete: ['delete', 'remove', 'terminate', 'deregister', 'purge', 'drop', 'destroy', 'abort', 'cancel'],
  grant: ['grant', 'authorize', 'attach', 'share'],
  revoke: ['revoke', 'detach', 'unshare', 'deauthorize'],
  send: ['send', 'publish', 'post', 'emit', 'push'],
  copy: ['copy', 'clone'],
  export: ['export', 'unload'],
  download: ['download'],
  snapshot: ['snapshot', 'backup'],
  assume: ['assume'],
  execute: ['invoke', 'call', 'execute', 'exec', 'submit'],
  deploy: ['deploy', 'publishversion'],
  logon: ['login', 'logon', 'signin', 'authenticate'],
  logoff: ['logout', 'logoff', 'signout'],
}).flatMap(([action, verbs]) => verbs.map((verb) => [verb, action] as const)));

/** The action that the name of an operation begins with (`GetObject`, `list_users`, `users.delete`); '' when its verb is not known. */
export function actionOfOperation(operation: string): string {
  const dot = operation.lastIndexOf('.');
  const name = operation.slice(operation.lastIndexOf('/') + 1);
  return verbOf(name) ?? (dot > 0 ? verbOf(operation.slice(dot + 1)) : undefined) ?? '';
}

function verbOf(name: string): string | undefined {
  const word = /^[A-Z]?[a-z]+|^[A-Z]+(?![a-z])/.exec(name)?.[0].toLowerCase();
  return word === undefined ? undefined : VERBS.get(word);
}
