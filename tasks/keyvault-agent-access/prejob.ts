import { runInTurn } from '../shared/agent/run-phase';

void runInTurn('pre-job', async (control) => (await import('./wiring')).allowAgent(control));
