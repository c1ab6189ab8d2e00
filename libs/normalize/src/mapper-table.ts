import type { SourceName } from '@wary/model/sources.js';
import type { Mapper } from './mapper.js';
import { apache } from './mappers/apache.js';
import { cloudtrail } from './mappers/cloudtrail.js';
import { native } from './mappers/native.js';
import { nginx } from './mappers/nginx.js';
import { ocsf } from './mappers/ocsf.js';
import { otlp } from './mappers/otlp.js';
import { sshd } from './mappers/sshd.js';
import { sudo } from './mappers/sudo.js';

/** Every source that has a mapper. A new one is a file in `mappers/`, its fixtures, and its name here. */
export const MAPPERS: ReadonlyMap<SourceName, Mapper> = new Map([native, otlp, nginx, apache, sshd, sudo, cloudtrail, ocsf].map((mapper) => [mapper.source, mapper]));
