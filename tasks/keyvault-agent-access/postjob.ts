import { memory } from '../shared/agent';
import { runPhase } from '../shared/run-phase';
import { openLedger } from './ledger';

void runPhase(async (control) => {
  const opened = openLedger(memory).all();
  return opened.length === 0
    ? { result: 'succeeded', sentence: 'This step has opened nothing.' }
    : (await import('./wiring')).closeAgentAccess(opened, control);
});
