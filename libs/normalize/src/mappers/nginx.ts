import { mapAccessLog } from '../access-log.js';
import type { Mapper } from '../mapper.js';
import { lineOf } from '../values.js';

/** nginx, `log_format combined` (ngx_http_log_module). Who is not signed in is the client's address, as a device. */
export const nginx: Mapper = {
  source: 'nginx', format: 'text',
  unplaced: ['$status', '$http_referer', '$server_protocol', '$request_method', '$query_string', 'raw: the dash for $remote_logname'],
  mapRecord: (record, event) => mapAccessLog(lineOf(record.value), event),
};
