import { runInTurn } from '../shared/agent/run-phase';

void runInTurn('main', async (control) => (await import('./wiring')).readSecrets(control));
