import { checkout } from '../app.js';
import { totalOf } from './total.js';

checkout(totalOf);
