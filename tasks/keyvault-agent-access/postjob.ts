import { memory } from '../shared/agent/agent';
import { readJobKey } from '../shared/agent/job-key';
import { runPhase } from '../shared/agent/run-phase';
import { closingMessages as closing } from './messages/closing';
import { openLedger } from './protocol/ledger';
import { signMemory } from './protocol/signed-memory';

void runPhase(async (control) => {
  const ledger = openLedger(signMemory(memory, readJobKey()));
  return ledger.all().length === 0 && !ledger.isForged
    ? { result: 'succeeded', sentence: closing.nothingOpened }
    : (await import('./closing/wiring')).closeAgentAccess(ledger, control);
});
