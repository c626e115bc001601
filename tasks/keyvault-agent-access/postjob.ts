import { runPhase } from '../shared/run-phase';
import { closeAgentAccess } from './wiring';

void runPhase(closeAgentAccess);
