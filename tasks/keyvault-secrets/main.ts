import { runInTurn } from '../shared/run-phase';

void runInTurn('main', async (control) => (await import('./wiring')).readSecrets(control));
