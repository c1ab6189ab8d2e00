import { Module, type DynamicModule } from '@nestjs/common';
import { REGISTER_SERVICE, type RegisterService } from './register-service.js';
import { RegistersController } from './registers.controller.js';

@Module({})
export class RegistersModule {
  static forRoot({ registers }: { registers: RegisterService }): DynamicModule {
    return { module: RegistersModule, controllers: [RegistersController], providers: [{ provide: REGISTER_SERVICE, useValue: registers }], exports: [REGISTER_SERVICE] };
  }
}
