//! Two companies that must not see each other, and one thing of each kind in both.

use std::sync::atomic::{AtomicU32, Ordering};

use hansa_tests::{Browser, Column, Company, DESKTOP, MEMBER_PASSWORD, PATIENCE, Person, World};
use kernel::{SystemClock, SystemRng};
use serde_json::{Value, json};
use tenancy_model::{
    ConversationId, DepartmentId, MailId, MemberId, MessageId, SessionId, TenantId,
};
use tenancy_store::{TenantStore, testing::Dump};

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tenant,
    Member,
    Department,
    /// A department that is not below the first one.
    OtherDepartment,
    Session,
    Conversation,
    Message,
    Mail,
}

impl Kind {
    /// An id of this kind that nobody has.
    pub(super) fn random(self) -> String {
        let (clock, rng) = (&SystemClock, &SystemRng);
        match self {
            Self::Tenant => TenantId::new(clock, rng).to_string(),
            Self::Member => MemberId::new(clock, rng).to_string(),
            Self::Department | Self::OtherDepartment => DepartmentId::new(clock, rng).to_string(),
            Self::Session => SessionId::new(clock, rng).to_string(),
            Self::Conversation => ConversationId::new(clock, rng).to_string(),
            Self::Message => MessageId::new(clock, rng).to_string(),
            Self::Mail => MailId::new(clock, rng).to_string(),
        }
    }
}

/// One thing of each kind, all of one company.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub(super) tenant: String,
    pub(super) host_name: String,
    pub(super) member: String,
    pub(super) department: String,
    pub(super) other_department: String,
    pub(super) session: String,
    pub(super) conversation: String,
    pub(super) message: String,
    pub(super) mail: String,
    /// A text that was not used before.
    pub(super) fresh: String,
}

impl Own {
    /// The id of a kind.
    pub(super) fn id(&self, kind: Kind) -> &str {
        match kind {
            Kind::Tenant => &self.tenant,
            Kind::Member => &self.member,
            Kind::Department => &self.department,
            Kind::OtherDepartment => &self.other_department,
            Kind::Session => &self.session,
            Kind::Conversation => &self.conversation,
            Kind::Message => &self.message,
            Kind::Mail => &self.mail,
        }
    }

    /// All ids.
    pub(super) fn all(&self) -> [&str; 8] {
        [
            &self.tenant,
            &self.member,
            &self.department,
            &self.other_department,
            &self.session,
            &self.conversation,
            &self.message,
            &self.mail,
        ]
    }
}

/// One company, its owner and a colleague.
pub(super) struct Side {
    pub(super) company: Company,
    colleague: Person,
    kept: Kept,
}

/// What no operation of the walk destroys.
struct Kept {
    conversation: String,
    message: String,
    mail: String,
}

/// Both companies in one deployment.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) a: Side,
    pub(super) b: Side,
    /// What B has.
    pub(super) foreign: Own,
    counter: AtomicU32,
}

/// What every request moves, and what jobs move on their own.
const MOVING: &[&str] = &["session.last_seen_at"];

/// In every name and text of B, and in none of A.
pub(super) const MARK_OF_B: &str = "bravo";

impl Scene {
    pub(super) async fn start(column: Column) -> Self {
        let change = |config: &mut api_server::RootConfig| {
            // The walk asks for all that there is.
            config.http.graphql = api_http::HttpConfig::default().graphql;
        };
        let clock = std::sync::Arc::new(SystemClock);
        let world = World::start_with(column, clock, change).await;
        let a = side(&world, "alpha").await;
        let b = side(&world, MARK_OF_B).await;
        let counter = AtomicU32::new(0);
        let foreign = own(&world, &b, format!("{MARK_OF_B}0000")).await;
        Self {
            world,
            a,
            b,
            foreign,
            counter,
        }
    }

    /// A's most powerful session.
    pub(super) fn owner(&self) -> &Browser {
        &self.a.company.admin.browser
    }

    /// New things of A.
    pub(super) async fn own(&self) -> Own {
        let n = self.counter.fetch_add(1, Ordering::Relaxed);
        own(&self.world, &self.a, format!("alpha{n:04}")).await
    }

    /// Every row of both companies.
    pub(super) async fn dump(&self) -> (Dump, Dump) {
        let mut a = self.dump_of(&self.a).await;
        // Its jobs come and go while the walk goes on.
        a.remove("job");
        (a, self.dump_of(&self.b).await)
    }

    async fn dump_of(&self, side: &Side) -> Dump {
        let store = self.store_of(side).await;
        tenancy_store::testing::dump(&store, MOVING)
            .await
            .expect("rows")
    }

    async fn store_of(&self, side: &Side) -> TenantStore {
        let stores = &self.world.running.parts().gateway.services.stores;
        stores.tenant(tenant_id(side)).await.expect("a tenant")
    }
}

/// The tenant of a side.
pub(super) fn tenant_id(side: &Side) -> TenantId {
    side.company.tenant.parse().expect("an id")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

async fn side(world: &World, name: &str) -> Side {
    let company = world.company(name).await;
    let colleague = format!("{name}colleague");
    let colleague = world.colleague(&company, &colleague, &colleague).await;
    let owner = &company.admin.browser;
    let opened = owner
        .gql(
            "mutation($input: ConversationOpenDirectInput!) {
                conversationOpenDirect(input: $input) { problem { code } conversation { id } } }",
            json!({ "input": { "memberId": colleague.member } }),
        )
        .await;
    let conversation = text(&opened["conversationOpenDirect"]["conversation"]["id"]);
    let sent = owner
        .gql(
            "mutation($input: MessageSendInput!) { messageSend(input: $input) { entry { id } } }",
            json!({ "input": { "conversationId": conversation, "nonce": "first-message",
                "text": name } }),
        )
        .await;
    let kept = Kept {
        conversation,
        message: text(&sent["messageSend"]["entry"]["id"]),
        mail: sent_mail(owner, name).await,
    };
    Side {
        company,
        colleague,
        kept,
    }
}

/// A mail of the company that has left.
async fn sent_mail(owner: &Browser, name: &str) -> String {
    let account = format!("{name}mailed");
    let input = json!({ "input": { "name": account, "account": account, "departmentIds": [],
        "email": format!("{account}@{name}.example") } });
    let query = "mutation($input: MemberCreateInput!) { memberCreate(input: $input) {
        problem { code } mailed } }";
    let made = owner.gql(query, input).await;
    assert_eq!(made["memberCreate"]["mailed"], true, "{made}");
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < deadline {
        let query = "{ mails(first: 50) { edges { node { id state } } } }";
        let found = owner.gql(query, json!({})).await;
        let edges = found["mails"]["edges"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let sent = |edge: &Value| edge["node"]["state"] != "QUEUED";
        if !edges.is_empty() && edges.iter().all(sent) {
            return text(&edges[0]["node"]["id"]);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no mail of {name} left");
}

async fn own(world: &World, side: &Side, fresh: String) -> Own {
    let owner = &side.company.admin.browser;
    let department = department(owner, &format!("{fresh}-one")).await;
    let account = format!("{fresh}member");
    let input = json!({ "input": { "name": account, "account": account, "slip": true,
        "departmentIds": [department] } });
    let query = "mutation($input: MemberCreateInput!) { memberCreate(input: $input) {
        problem { code field } member { id } } }";
    let member = owner.gql(query, input).await;
    // Deletion wants an empty one, so the member moves on.
    let member = text(&member["memberCreate"]["member"]["id"]);
    let query = "mutation($input: MemberUpdateInput!) { memberUpdate(input: $input) {
        problem { code field } } }";
    let input = json!({ "input": { "id": member, "departmentIds": [] } });
    owner.gql(query, input).await;
    Own {
        tenant: side.company.tenant.clone(),
        host_name: side.company.host_name.clone(),
        member,
        department,
        other_department: self::department(owner, &format!("{fresh}-two")).await,
        session: session(world, side).await,
        conversation: side.kept.conversation.clone(),
        message: side.kept.message.clone(),
        mail: side.kept.mail.clone(),
        fresh,
    }
}

async fn department(owner: &Browser, name: &str) -> String {
    let query = "mutation($input: DepartmentCreateInput!) { departmentCreate(input: $input) {
        problem { code field } department { id } } }";
    let input = json!({ "input": { "name": name, "orderNumber": 1 } });
    let made = owner.gql(query, input).await;
    text(&made["departmentCreate"]["department"]["id"])
}

/// A session for the API, which signs no device out.
async fn session(world: &World, side: &Side) -> String {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) {
        problem { code } viewer { sessionId } } }";
    let input = json!({ "input": { "tenant": side.company.host_name,
        "account": side.colleague.account, "password": MEMBER_PASSWORD, "surface": "API" } });
    let signed_in = world.browser.device(DESKTOP).gql(query, input).await;
    text(&signed_in["signIn"]["viewer"]["sessionId"])
}
