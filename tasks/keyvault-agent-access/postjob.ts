import { memory } from '../shared/agent/agent';
import { runPhase } from '../shared/agent/run-phase';
import { openLedger } from './protocol/ledger';
import { closingMessages as closing } from './messages/closing';

void runPhase(async (control) => {
  const opened = openLedger(memory).all();
  return opened.length === 0
    ? { result: 'succeeded', sentence: closing.nothingOpened }
    : (await import('./wiring')).closeAgentAccess(opened, control);
});
