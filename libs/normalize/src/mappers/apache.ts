import { mapAccessLog } from '../access-log.js';
import type { Mapper } from '../mapper.js';
import { lineOf } from '../values.js';

/** Apache httpd, `LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\"" combined` (mod_log_config), and common. */
export const apache: Mapper = {
  source: 'apache', format: 'text',
  unplaced: ['%>s', '%{Referer}i', '%H', '%m', '%q', 'raw: %l (identd)'],
  mapRecord: (record, event) => mapAccessLog(lineOf(record.value), event),
};
