export { deploy, type Deploy, type DeployAccepted } from './deploy.js';
export { feedback, type Feedback, type FeedbackAccepted } from './feedback.js';
export { flush, recordException, setSession, setUser } from './people/current.js';
export { LemniRequestError } from './post.js';
