interface ErrorCodeEntry { readonly status: number; readonly retryable: boolean; readonly title: string }
const entry = (status: number, title: string, retryable = false): ErrorCodeEntry => ({ status, retryable, title });

/** Every error the service answers with, in one place. A code never changes its meaning. Rejections of single records use the same codes. */
export const ERROR_CODES = {
  // a whole request
  bad_request: entry(400, 'The request could not be read'),
  uri_too_long: entry(414, 'The address, or a part of it, is longer than the limit'),
  body_too_large: entry(413, 'The body is larger than the limit'),
  inflate_limit: entry(413, 'The compressed body inflates beyond the limit'),
  batch_too_large: entry(413, 'The batch has more records than the limit'),
  unsupported_media_type: entry(415, 'The content type or encoding is not supported'),
  validation_failed: entry(422, 'The request does not match its schema'),
  not_found: entry(404, 'There is no such thing'),
  method_not_allowed: entry(405, 'The method is not allowed here'),
  unauthenticated: entry(401, 'Sign in, or send a valid API key'),
  bad_credentials: entry(401, 'E-mail or password is wrong'),
  second_factor_required: entry(401, 'The password is right; send the code of the second factor next'),
  bad_second_factor: entry(401, 'The code is wrong, too old or was used already'),
  challenge_expired: entry(401, 'The sign-in took too long; begin again with the password'),
  forbidden: entry(403, 'Your role or key does not allow this'),
  origin_forbidden: entry(403, 'Requests from this origin are refused'),
  rate_limited: entry(429, 'Too many requests; wait as long as Retry-After says', true),
  overloaded: entry(429, 'The service is taking in all it can; wait as long as Retry-After says', true),
  quota_exceeded: entry(429, 'The tenant sends more than its quota; wait as long as Retry-After says', true),
  store_unavailable: entry(503, 'The store cannot take data now; wait as long as Retry-After says', true),
  not_ready: entry(503, 'The service is starting or stopping', true),
  conflict: entry(409, 'The change conflicts with what is there'),
  illegal_transition: entry(409, 'This move is not allowed from the present state'),
  stale_version: entry(412, 'Somebody changed it meanwhile; read it again'),
  idempotency_key_reused: entry(422, 'This Idempotency-Key came with another request before; make a new one for each request'),
  internal: entry(500, 'Something went wrong on our side', true),
  // a single record
  malformed_json: entry(400, 'The line is not valid JSON'),
  record_too_large: entry(413, 'The record is larger than the limit'),
  too_deep: entry(400, 'The record is nested deeper than the limit'),
  too_many_keys: entry(400, 'The record has more keys than the limit'),
  string_too_long: entry(400, 'A string is longer than the limit'),
  forbidden_key: entry(400, 'The key __proto__, constructor or prototype is refused'),
  number_out_of_range: entry(400, 'A number cannot be represented (such as 1e400)'),
  invalid_event: entry(400, 'The event does not match wary.event/1'),
  missing_actor: entry(400, 'actor.id is missing or empty'),
  missing_time: entry(400, 'time is missing or cannot be read'),
  time_out_of_retention: entry(400, 'The time is outside the retention'),
  wrong_tenant: entry(400, 'The key belongs to another tenant'),
  unparsable_line: entry(400, 'The line does not have the format of its source'),
  unsupported_record: entry(400, 'The source does not emit records of this type'),
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
