import type { MethodType } from '../payment/method.ts'
import type { MethodRules } from './rules.ts'

type Command<Type extends string, Data> = { readonly type: Type; readonly gateway: string } & Readonly<Data>

export type ConfigureGateway = Command<'configureGateway', { enabled: boolean }>
export type SetMethodRules = Command<'setMethodRules', { method: MethodType; rules: MethodRules }>

export type GatewayCommand = ConfigureGateway | SetMethodRules
