import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Writes lines with Kafka's own producer, in the compression that only it and its like can write. */
export function produceWithJava(jars: string, brokers: string, topic: string, compression: string, lines: readonly string[]): void {
  const classPath = readdirSync(jars).filter((name) => name.endsWith('.jar')).map((name) => join(jars, name)).join(':');
  const { status, stderr } = spawnSync('java', ['-Xmx128m', '-cp', classPath, 'org.apache.kafka.tools.ConsoleProducer', '--bootstrap-server', brokers, '--topic', topic, '--compression-codec', compression], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the console producer failed: ${stderr}`);
}
