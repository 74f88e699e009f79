//! Our cookies: one a surface, HttpOnly, SameSite=Lax, `__Host-` and Secure under https. `member`
//! and `console` hold one token a tenant (`tnt_x:token` joined by `.`), the newest last, at most
//! [`TENANTS_MAX`]; `platform` holds one token.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::RequestHead;
use actix_web::http::header;
use api_graphql::{Door, SessionChange};
use kernel::Secret;
use tenancy_model::TenantId;

/// Tenants whose sessions one cookie holds; the oldest is dropped for a further one.
pub const TENANTS_MAX: usize = 16;
/// The longest token that is taken from a cookie or header, in characters.
pub const TOKEN_CHARS_MAX: usize = 256;
/// The longest a browser is asked to keep a cookie.
const MAX_AGE_S: i64 = 400 * 24 * 3600;
const MEMBER: &str = "member";
const CONSOLE: &str = "console";
const PLATFORM: &str = "platform";

/// The tokens of one cookie, oldest first.
type Tokens = Vec<(TenantId, Secret)>;

/// The cookies of a request that are ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cookies {
    member: Tokens,
    console: Tokens,
    platform: Option<Secret>,
}

impl Cookies {
    /// Reads them from a request; what is malformed is left out.
    #[must_use]
    pub fn read(head: &RequestHead, https: bool) -> Self {
        let mut cookies = Self::default();
        let pairs = head
            .headers()
            .get_all(header::COOKIE)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        for (name, value) in pairs {
            // Under https only the prefixed name counts: it cannot come from a subdomain.
            let Some(name) = (if https {
                name.strip_prefix("__Host-")
            } else {
                Some(name)
            }) else {
                continue;
            };
            match name {
                MEMBER => cookies.member = tokens(value),
                CONSOLE => cookies.console = tokens(value),
                PLATFORM => cookies.platform = token(value),
                _ => {}
            }
        }
        cookies
    }

    /// The token behind a door.
    #[must_use]
    pub fn token(&self, door: Door) -> Option<&Secret> {
        let find = |tokens: &'_ Tokens, tenant: TenantId| {
            tokens.iter().position(|(known, _)| *known == tenant)
        };
        match door {
            Door::Member(tenant) => find(&self.member, tenant).map(|place| &self.member[place].1),
            Door::Console(tenant) => {
                find(&self.console, tenant).map(|place| &self.console[place].1)
            }
            Door::Platform => self.platform.as_ref(),
        }
    }

    /// Applies what a request's resolvers asked for; the cookies to set, one a surface at most.
    #[must_use]
    pub fn apply(mut self, changes: Vec<SessionChange>, https: bool) -> Vec<Cookie<'static>> {
        let mut ages: [Option<i64>; 3] = [None; 3];
        for change in changes {
            let (door, begun) = match change {
                SessionChange::Begin {
                    door,
                    token,
                    max_age_s,
                } => (door, Some((token, max_age_s))),
                SessionChange::End { door } => (door, None),
            };
            let age = begun
                .as_ref()
                .map_or(MAX_AGE_S, |(_, age)| (*age).clamp(0, MAX_AGE_S));
            let token = begun.map(|(token, _)| token);
            let place = match door {
                Door::Member(tenant) => {
                    replace(&mut self.member, tenant, token);
                    0
                }
                Door::Console(tenant) => {
                    replace(&mut self.console, tenant, token);
                    1
                }
                Door::Platform => {
                    self.platform = token;
                    2
                }
            };
            ages[place] = Some(ages[place].unwrap_or(0).max(age));
        }
        let platform = self
            .platform
            .as_ref()
            .map(|token| token.reveal().to_owned());
        let values = [
            joined(&self.member),
            joined(&self.console),
            platform.unwrap_or_default(),
        ];
        let names = [MEMBER, CONSOLE, PLATFORM];
        (0..names.len())
            .filter_map(|place| {
                ages[place].map(|age| cookie(names[place], values[place].clone(), age, https))
            })
            .collect()
    }
}

fn token(text: &str) -> Option<Secret> {
    let fits = !text.is_empty()
        && text.len() <= TOKEN_CHARS_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    fits.then(|| Secret::from(text))
}

fn tokens(value: &str) -> Tokens {
    value
        .split('.')
        .filter_map(|part| part.split_once(':'))
        .filter_map(|(tenant, text)| Some((tenant.parse().ok()?, token(text)?)))
        .take(TENANTS_MAX)
        .collect()
}

fn replace(tokens: &mut Tokens, tenant: TenantId, token: Option<Secret>) {
    tokens.retain(|(known, _)| *known != tenant);
    if let Some(token) = token {
        tokens.push((tenant, token));
        let surplus = tokens.len().saturating_sub(TENANTS_MAX);
        tokens.drain(..surplus);
    }
}

fn joined(tokens: &Tokens) -> String {
    let parts: Vec<_> = tokens
        .iter()
        .map(|(tenant, token)| format!("{tenant}:{}", token.reveal()))
        .collect();
    parts.join(".")
}

fn cookie(name: &str, value: String, age_s: i64, https: bool) -> Cookie<'static> {
    let name = if https {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    };
    let age_s = if value.is_empty() { 0 } else { age_s };
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(age_s))
        .finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use kernel::{ManualClock, SeededRng};

    use super::*;

    fn tenants(count: usize) -> Vec<TenantId> {
        let rng = SeededRng::new(4);
        (0..count)
            .map(|_| TenantId::new(&ManualClock::default(), &rng))
            .collect()
    }

    fn read(value: &str, https: bool) -> Cookies {
        let request = TestRequest::default()
            .insert_header(("cookie", value))
            .to_http_request();
        Cookies::read(request.head(), https)
    }

    fn begin(door: Door, text: &str) -> SessionChange {
        SessionChange::Begin {
            door,
            token: text.into(),
            max_age_s: 3600,
        }
    }

    #[test]
    fn sessions_of_several_tenants_live_in_one_cookie() {
        let ids = tenants(2);
        let first = Cookies::default().apply(vec![begin(Door::Member(ids[0]), "aa")], false);
        assert_eq!(first.len(), 1);
        let text = first[0].to_string();
        assert!(
            text.starts_with(&format!("member={}:aa;", ids[0])),
            "{text}"
        );
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=3600"] {
            assert!(text.contains(attribute), "{text}");
        }
        assert!(!text.contains("Secure"));
        let both = read(&format!("member={}:aa.{}:bb", ids[0], ids[1]), false);
        assert_eq!(both.token(Door::Member(ids[0])), Some(&"aa".into()));
        assert_eq!(both.token(Door::Member(ids[1])), Some(&"bb".into()));
        assert_eq!(both.token(Door::Console(ids[0])), None);
        let one = both.apply(
            vec![SessionChange::End {
                door: Door::Member(ids[0]),
            }],
            false,
        );
        assert_eq!(one[0].value(), format!("{}:bb", ids[1]));
    }

    #[test]
    fn the_oldest_tenant_goes_when_the_cookie_is_full() {
        let ids = tenants(TENANTS_MAX + 1);
        let changes = ids
            .iter()
            .map(|id| begin(Door::Console(*id), "t"))
            .collect();
        let cookies = Cookies::default().apply(changes, false);
        assert_eq!(cookies.len(), 1);
        assert!(!cookies[0].value().contains(&ids[0].to_string()));
        assert!(cookies[0].value().contains(&ids[TENANTS_MAX].to_string()));
    }

    #[test]
    fn under_https_the_prefix_is_needed_and_set() {
        assert_eq!(read("platform=abc", true).token(Door::Platform), None);
        let cookies = read("__Host-platform=abc", true);
        assert_eq!(cookies.token(Door::Platform), Some(&"abc".into()));
        let ended = cookies.apply(
            vec![SessionChange::End {
                door: Door::Platform,
            }],
            true,
        );
        let text = ended[0].to_string();
        assert!(
            text.starts_with("__Host-platform=;") && text.contains("Max-Age=0"),
            "{text}"
        );
        assert!(text.contains("Secure"));
    }
}
