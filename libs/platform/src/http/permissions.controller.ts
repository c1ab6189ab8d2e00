import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ROLE_ACTIONS, SCOPE_ACTIONS } from '@wary/model/permissions.js';
import { Allow } from '../auth/allow.js';

/** The permission table as it is in the code, for the page that shows it. */
@ApiTags('accounts')
@Controller('v1/permissions')
export class PermissionsController {
  @Get()
  @Allow('read', 'self')
  @ApiOperation({ summary: 'What each role and each key scope may do' })
  table(): object {
    return { roles: ROLE_ACTIONS, scopes: SCOPE_ACTIONS };
  }
}
