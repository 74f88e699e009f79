//! Who may be asking: what a request or a socket brought along, before anything was looked up.

use std::net::IpAddr;

use actix_web::dev::RequestHead;
use actix_web::http::header::{self, HeaderMap};
use api_graphql::Door;
use kernel::Secret;
use tenancy_model::{Language, Surface, TenantId};

use super::client_ip::client_ip;
use super::cookie::{Cookies, TOKEN_CHARS_MAX};
use super::origin::Site;

/// Header that names the tenant (DESIGN 11).
pub const TENANT: &str = "hansa-tenant";
/// Header that names the surface: `member` or `console`.
pub const SURFACE: &str = "hansa-surface";
/// Characters of a user agent that are kept.
const USER_AGENT_CHARS_MAX: usize = 256;

/// Which schema is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// `/graphql`: inside a tenant.
    Tenant,
    /// `/platform/graphql`: outside any tenant.
    Platform,
}

impl Side {
    /// For metrics and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Platform => "platform",
        }
    }
}

/// How a caller shows that it has a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The token of one of our cookies.
    Cookie(Secret),
    /// A bearer token.
    Bearer(Secret),
}

/// What came with a request; who it is, the [`Authenticator`](crate::Authenticator) finds out.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Which schema is asked.
    pub side: Side,
    /// The tenant that the caller named, unchecked.
    pub tenant: Option<TenantId>,
    /// The surface whose cookie the credential came from; `Api` for a bearer token.
    pub surface: Surface,
    /// Cookie or bearer token, if there is one for this tenant and surface.
    pub credential: Option<Credential>,
    /// The client's address.
    pub client_ip: IpAddr,
    /// The language that the client prefers among ours.
    pub language: Option<Language>,
    /// What the client calls itself, shortened.
    pub user_agent: Box<str>,
    /// Of the request, or of the upgrade: stands in logs and in `INTERNAL` errors.
    pub trace_id: Box<str>,
}

impl Caller {
    /// Reads the headers of a request (or of an upgrade).
    #[must_use]
    pub fn read(side: Side, head: &RequestHead, site: &Site, proxies: usize, trace: &str) -> Self {
        let headers = head.headers();
        let mut caller = Self {
            side,
            tenant: text(headers, TENANT).and_then(|tenant| tenant.parse().ok()),
            surface: surface(text(headers, SURFACE)),
            credential: None,
            client_ip: client_ip(head, proxies),
            language: text(headers, header::ACCEPT_LANGUAGE.as_str()).and_then(language),
            user_agent: shortened(text(headers, header::USER_AGENT.as_str())).into(),
            trace_id: trace.into(),
        };
        let authorization = text(headers, header::AUTHORIZATION.as_str());
        caller.present(authorization, &Cookies::read(head, site.https));
        caller
    }

    /// The same caller as a socket's `connection_init` describes it: its fields go before the
    /// headers of the upgrade, because a browser cannot set those.
    #[must_use]
    pub fn with_init(mut self, payload: &serde_json::Value, cookies: &Cookies) -> Self {
        let field = |name: &str| payload.get(name).and_then(serde_json::Value::as_str);
        if let Some(tenant) = field("tenant") {
            self.tenant = tenant.parse().ok();
        }
        if let Some(name) = field("surface") {
            self.surface = surface(Some(name));
        }
        let authorization = field("authorization");
        let of_upgrade = matches!(self.credential, Some(Credential::Bearer(_)));
        if authorization.is_some() || !of_upgrade {
            self.present(authorization, cookies);
        }
        self
    }

    /// Whoever a request may be from that names the tenant in its path, as browsers fetch pictures:
    /// by the surface it names, or else by the cookie of each surface.
    #[must_use]
    pub fn at(mut self, tenant: TenantId, head: &RequestHead, site: &Site) -> Vec<Self> {
        self.tenant = Some(tenant);
        if matches!(self.credential, Some(Credential::Bearer(_))) {
            return vec![self];
        }
        let cookies = Cookies::read(head, site.https);
        let surfaces = match text(head.headers(), SURFACE) {
            Some(name) => vec![surface(Some(name))],
            None => vec![Surface::Member, Surface::Console],
        };
        let of = |surface| {
            let mut caller = self.clone();
            caller.surface = surface;
            caller.present(None, &cookies);
            caller.credential.is_some().then_some(caller)
        };
        surfaces.into_iter().filter_map(of).collect()
    }

    fn present(&mut self, authorization: Option<&str>, cookies: &Cookies) {
        let credential = match authorization.and_then(bearer) {
            Some(token) => Some(Credential::Bearer(token)),
            None => self
                .door()
                .and_then(|door| cookies.token(door))
                .cloned()
                .map(Credential::Cookie),
        };
        if let Some(credential) = &credential {
            self.surface = credential.surface(self.surface);
        }
        self.credential = credential;
    }

    /// The door whose cookie counts for this caller.
    fn door(&self) -> Option<Door> {
        match (self.side, self.surface) {
            (Side::Platform, _) => Some(Door::Platform),
            (Side::Tenant, Surface::Console) => self.tenant.map(Door::Console),
            (Side::Tenant, Surface::Member | Surface::Api) => self.tenant.map(Door::Member),
        }
    }
}

impl Credential {
    fn surface(&self, asked: Surface) -> Surface {
        match self {
            Self::Bearer(_) => Surface::Api,
            Self::Cookie(_) => asked,
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn surface(name: Option<&str>) -> Surface {
    match name.map(str::to_ascii_lowercase).as_deref() {
        Some("console") => Surface::Console,
        _ => Surface::Member,
    }
}

fn bearer(value: &str) -> Option<Secret> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let fits = scheme.eq_ignore_ascii_case("bearer")
        && !token.is_empty()
        && token.len() <= TOKEN_CHARS_MAX;
    fits.then(|| token.into())
}

/// The first of the client's languages that is one of ours.
fn language(accepted: &str) -> Option<Language> {
    accepted.split(',').take(16).find_map(|range| {
        let tag = range
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match tag.split('-').next() {
            Some("zh") => Some(Language::ZhCn),
            Some("en") => Some(Language::En),
            _ => None,
        }
    })
}

fn shortened(agent: Option<&str>) -> String {
    agent
        .unwrap_or_default()
        .chars()
        .take(USER_AGENT_CHARS_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use kernel::{ManualClock, SeededRng};
    use serde_json::json;

    use super::*;
    use crate::config::HttpConfig;

    fn request(headers: &[(&str, &str)]) -> actix_web::HttpRequest {
        let mut request = TestRequest::default();
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        request.to_http_request()
    }

    fn read(headers: &[(&str, &str)]) -> Caller {
        let site = Site::new(&HttpConfig::default());
        Caller::read(Side::Tenant, request(headers).head(), &site, 0, "t")
    }

    #[test]
    fn the_named_tenant_and_surface_choose_the_token() {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(1));
        let (a, b) = (TenantId::new(&clock, &rng), TenantId::new(&clock, &rng));
        let (ta, cookie) = (a.to_string(), format!("member={a}:ma; console={a}:ca"));
        let cookie = cookie.as_str();
        let member = read(&[(TENANT, &ta), ("cookie", cookie)]);
        assert_eq!(member.credential, Some(Credential::Cookie("ma".into())));
        let console = read(&[(TENANT, &ta), (SURFACE, "console"), ("cookie", cookie)]);
        assert_eq!(console.credential, Some(Credential::Cookie("ca".into())));
        // A tenant without a session in the cookie, and no tenant at all, are nobody.
        assert_eq!(
            read(&[(TENANT, &b.to_string()), ("cookie", cookie)]).credential,
            None
        );
        assert_eq!(read(&[("cookie", cookie)]).credential, None);
        let token = read(&[
            (TENANT, &ta),
            ("cookie", cookie),
            ("authorization", "Bearer tok"),
        ]);
        assert_eq!(token.credential, Some(Credential::Bearer("tok".into())));
        assert_eq!(token.surface, Surface::Api);
    }

    #[test]
    fn a_socket_says_in_connection_init_who_it_is() {
        let tenant = TenantId::new(&ManualClock::default(), &SeededRng::new(1));
        let cookie = format!("console={tenant}:ca");
        let upgrade = request(&[("cookie", &cookie)]);
        let site = Site::new(&HttpConfig::default());
        let caller = Caller::read(Side::Tenant, upgrade.head(), &site, 0, "t");
        assert_eq!(caller.credential, None);
        let cookies = Cookies::read(upgrade.head(), false);
        let init = json!({ "tenant": tenant.to_string(), "surface": "console" });
        let caller = caller.with_init(&init, &cookies);
        assert_eq!(caller.credential, Some(Credential::Cookie("ca".into())));
        assert_eq!(caller.surface, Surface::Console);
        let bearer = caller.with_init(&json!({ "authorization": "Bearer abc" }), &cookies);
        assert_eq!(bearer.credential, Some(Credential::Bearer("abc".into())));
    }

    #[test]
    fn a_path_names_the_tenant_and_every_surface_may_be_meant() {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(1));
        let (a, b) = (TenantId::new(&clock, &rng), TenantId::new(&clock, &rng));
        let cookie = format!("member={a}:ma.{b}:mb; console={a}:ca");
        let site = Site::new(&HttpConfig::default());
        let at = |headers: &[(&str, &str)], tenant| {
            let request = request(headers);
            let caller = Caller::read(Side::Tenant, request.head(), &site, 0, "t");
            let callers = caller.at(tenant, request.head(), &site).into_iter();
            callers
                .filter_map(|caller| caller.credential)
                .collect::<Vec<_>>()
        };
        let by_cookie = |token: &str| Credential::Cookie(token.into());
        let both = at(&[("cookie", &cookie)], a);
        assert_eq!(both, [by_cookie("ma"), by_cookie("ca")]);
        let console = at(&[("cookie", &cookie), (SURFACE, "console")], a);
        assert_eq!(console, [by_cookie("ca")]);
        let bearer = at(&[("cookie", &cookie), ("authorization", "Bearer tok")], a);
        assert_eq!(bearer, [Credential::Bearer("tok".into())]);
        let nobody = TenantId::new(&clock, &rng);
        assert!(at(&[("cookie", &cookie)], nobody).is_empty());
    }

    #[test]
    fn the_language_is_the_first_of_ours() {
        assert_eq!(language("fr, zh-TW;q=0.9, en"), Some(Language::ZhCn));
        assert_eq!(language("en-GB,zh"), Some(Language::En));
        assert_eq!(language("fr"), None);
    }
}
