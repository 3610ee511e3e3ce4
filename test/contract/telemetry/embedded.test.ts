import { describeTelemetry } from './suite.js';
import { embedded } from './twin.js';

describeTelemetry(embedded);
