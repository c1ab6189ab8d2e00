import { SetMetadata } from '@nestjs/common';
import type { Action } from '@wary/model/permissions.js';

/** Reflection key of a route's policy. */
export const POLICY = 'wary:policy';

/**
 * The policy of a route, on the method or on its class: one of these actions is enough. `Allow('public')` is for routes that need nobody.
 * A route without one is refused at run time, and the start fails naming it.
 */
export const Allow = (...actions: [Action, ...Action[]]): MethodDecorator & ClassDecorator => SetMetadata(POLICY, actions);
