import { describeTelemetry } from './suite.js';
import { overHttp } from './twin.js';

describeTelemetry(overHttp);
