import type { Commit, Release } from '../../../../src/http/contract/changes.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';

/** What changed, newest first, one line a commit. */
export function Commits({ release }: { release: Pick<Release, 'commits' | 'commitCount' | 'commit'> }) {
  if (release.commits.length === 0)
    return (
      <div className="card">
        <Empty title="No commits are known.">
          {release.commit === '' ? null : (
            <>
              It was built from <code>{release.commit}</code>.{' '}
            </>
          )}
          Send <code>commits</code> with the deploy, or add the GitHub webhook with the event "push".
        </Empty>
      </div>
    );
  const left = (release.commitCount ?? 0) - release.commits.length;
  return (
    <ul className="commit-list card">
      {release.commits.map((commit) => (
        <CommitLine key={commit.sha} commit={commit} />
      ))}
      {left > 0 ? <li className="muted">and {left} older</li> : null}
    </ul>
  );
}

function CommitLine({ commit }: { commit: Commit }) {
  const [title = '', ...rest] = (commit.message ?? '').split('\n');
  const body = rest.join('\n').trim();
  const sha = <code>{commit.sha.slice(0, 7)}</code>;
  return (
    <li>
      {commit.url !== undefined && /^https?:\/\//.test(commit.url) ? (
        <a href={commit.url} target="_blank" rel="noreferrer">
          {sha}
        </a>
      ) : (
        sha
      )}
      <span className="commit-title clip" title={body === '' ? title : `${title}\n\n${body}`}>
        {title === '' ? <span className="muted">no message</span> : title}
      </span>
      <span className="muted small commit-end">
        {commit.author === undefined ? null : <span className="clip">{commit.author}</span>}
        {commit.at === undefined ? null : <Ago at={commit.at} />}
      </span>
    </li>
  );
}
