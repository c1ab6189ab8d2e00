import 'reflect-metadata';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { Allow } from './allow.js';
import { assertEveryRouteHasPolicy, routePolicies } from './route-policies.js';

@Controller('v1/things')
class Complete {
  @Get() @Allow('read') list(): string { return ''; }
  @Post(':id/act') @Allow('alerts.work', 'self') act(): string { return ''; }
  helper(): string { return 'no route'; }
}

@Controller('v1/whole')
@Allow('settings.manage')
class WholeClass {
  @Get(['a', 'b']) read(): string { return ''; }
}

@Controller('v1/half')
class Forgetful {
  @Get() @Allow('read') list(): string { return ''; }
  @Post('danger') forgotten(): string { return ''; }
}

@Module({ controllers: [Complete, WholeClass] })
class CompleteModule {}
@Module({ controllers: [Complete, Forgetful] })
class ForgetfulModule {}
@Module({})
class EmptyModule {}

const appOf = (module: object) => NestFactory.create(module as never, new FastifyAdapter() as never, { logger: false, abortOnError: false });

describe('policies of routes', () => {
  it('are found on methods and classes, for every path', async () => {
    const app = await appOf(CompleteModule);
    expect(assertEveryRouteHasPolicy(app)).toEqual([
      { method: 'GET', path: '/v1/things', actions: ['read'], handler: 'Complete.list' },
      { method: 'POST', path: '/v1/things/:id/act', actions: ['alerts.work', 'self'], handler: 'Complete.act' },
      { method: 'GET', path: '/v1/whole/a', actions: ['settings.manage'], handler: 'WholeClass.read' },
      { method: 'GET', path: '/v1/whole/b', actions: ['settings.manage'], handler: 'WholeClass.read' },
    ]);
  });

  it('are missed by name, and a check that sees no route fails too', async () => {
    const app = await appOf(ForgetfulModule);
    expect(routePolicies(app).filter(({ actions }) => actions === null)).toHaveLength(1);
    expect(() => assertEveryRouteHasPolicy(app)).toThrow('POST /v1/half/danger (Forgetful.forgotten)');
    expect(() => assertEveryRouteHasPolicy({ get: () => new Map() as never })).toThrow('blind');
    const empty = await appOf(EmptyModule);
    expect(() => assertEveryRouteHasPolicy(empty)).toThrow('blind');
  });
});
