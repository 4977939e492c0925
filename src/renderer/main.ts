import { mount } from 'svelte'
import './app.css'
import Shell from './App.svelte'
import { call } from './lib/rpc.ts'
import { subscribe } from './lib/events.ts'
import { App } from './state/app.svelte.ts'

const target = document.getElementById('app')
if (target) mount(Shell, { target, props: { app: new App({ call, subscribe }) } })
