import { runInTurn } from '../shared/run-phase';

void runInTurn('pre-job', async (control) => (await import('./wiring')).allowAgent(control));
