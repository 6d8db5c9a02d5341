// The name that a tool's address has in it, as src/coursehub/names/home_pages.py finds it; a test holds them together.

const NAMED = new RegExp(
  "^(?:https?://)?(?:www\\.)?(?:" +
    "(?:github\\.com|gitlab\\.com|bitbucket\\.org|codeberg\\.org|huggingface\\.co)/[^/?#]+/([^/?#]+)" +
    "|pypi\\.org/project/([^/?#]+)|npmjs\\.com/package/(?:@[^/?#]+/)?([^/?#]+)|crates\\.io/crates/([^/?#]+)" +
    "|hub\\.docker\\.com/(?:_|r/[^/?#]+)/([^/?#]+)" +
    "|([^./?#]+)\\.(?:readthedocs\\.(?:io|org)|apache\\.org|github\\.io/?$)|[^./?#]+\\.github\\.io/([^/?#]+)" +
    ")(?:[/?#].*)?$",
  "is",
);
const OWN = new RegExp(
  "^https?://(?:(?:www|docs?|app)\\.)?" +
    "(?!(?:github|gitlab|google|microsoft|amazon|azure|medium|youtube|wikipedia|example)\\.)" +
    "([a-z0-9-]+)\\.(?:com|org|net|io|ai|dev|co|tech|cloud)(?:[/?#].*)?$",
  "is",
);

/** The tool's name in the address of its repository, package, documentation or home page; any other text as it is.
 * @param {string} text */
export function nameIn(text) {
  const match = NAMED.exec(text) ?? OWN.exec(text);
  return match ? (match.slice(1).find(Boolean) ?? "").replace(/\.git$/, "") : text;
}
