//! Two companies that must not see each other, and one thing of each kind in both.

use std::sync::atomic::{AtomicU32, Ordering};

use hansa_tests::{Browser, Column, Company, DESKTOP, MEMBER_PASSWORD, PATIENCE, Person, World};
use kernel::{SystemClock, SystemRng};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tenancy_model::{
    ConversationId, DepartmentId, FileId, MailId, MemberId, MessageId, SessionId, SignupId,
    TenantId, UploadId,
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
    /// A file that a message carries.
    File,
    /// A file that can be sent.
    FreshFile,
    /// Another one, for a folder.
    FolderFile,
    /// A picture that can be a member's.
    Avatar,
    /// A picture that can be the company's.
    Logo,
    /// An upload whose only part has arrived.
    Upload,
    /// A mail of no tenant, which operators see.
    PlatformMail,
    /// A sign-up that is no tenant yet.
    Signup,
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
            Self::Mail | Self::PlatformMail => MailId::new(clock, rng).to_string(),
            Self::File | Self::FreshFile | Self::FolderFile | Self::Avatar | Self::Logo => {
                FileId::new(clock, rng).to_string()
            }
            Self::Upload => UploadId::new(clock, rng).to_string(),
            Self::Signup => SignupId::new(clock, rng).to_string(),
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
    pub(super) platform_mail: String,
    pub(super) file: String,
    pub(super) fresh_file: String,
    pub(super) folder_file: String,
    pub(super) avatar: String,
    pub(super) logo: String,
    pub(super) upload: String,
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
            Kind::PlatformMail => &self.platform_mail,
            Kind::File => &self.file,
            Kind::FreshFile => &self.fresh_file,
            Kind::FolderFile => &self.folder_file,
            Kind::Avatar => &self.avatar,
            Kind::Logo => &self.logo,
            Kind::Upload => &self.upload,
            Kind::Signup => panic!("a tenant has no sign-up any more"),
        }
    }

    /// All ids.
    pub(super) fn all(&self) -> [&str; 15] {
        [
            &self.tenant,
            &self.member,
            &self.department,
            &self.other_department,
            &self.session,
            &self.conversation,
            &self.message,
            &self.mail,
            &self.platform_mail,
            &self.file,
            &self.fresh_file,
            &self.folder_file,
            &self.avatar,
            &self.logo,
            &self.upload,
        ]
    }
}

/// One company, its owner and a colleague.
pub(super) struct Side {
    pub(super) company: Company,
    pub(super) colleague: Person,
    /// The account of a member with an e-mail address.
    pub(super) mailed: String,
    kept: Kept,
}

impl Side {
    /// The conversation of the owner and the colleague.
    pub(super) fn conversation(&self) -> &str {
        &self.kept.conversation
    }

    /// The token of the link that was mailed last.
    pub(super) async fn token(&self, scene: &Scene) -> String {
        let address = format!("{}@{}.example", self.mailed, self.company.host_name);
        let mail = scene.world.mail_to(&address).await;
        let (_, rest) = mail.split_once("token=").expect("a link");
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest[..end].to_owned()
    }
}

/// Somebody of A who has not yet changed the initial password.
pub(super) struct Newcomer {
    pub(super) person: Person,
    pub(super) initial_password: String,
}

/// What no operation of the walk destroys.
struct Kept {
    conversation: String,
    message: String,
    mail: String,
    platform_mail: String,
    file: String,
}

/// Both companies in one deployment.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) column: Column,
    pub(super) a: Side,
    pub(super) b: Side,
    /// What B has.
    pub(super) foreign: Own,
    counter: AtomicU32,
}

/// A picture of eight by eight pixels.
const PICTURE: &[u8] = include_bytes!("../files/dot.png");

/// What every request moves, and what jobs move on their own.
const MOVING: &[&str] = &["session.last_seen_at"];

/// In every name and text of B, and in none of A.
pub(super) const MARK_OF_B: &str = "bravo";

impl Scene {
    pub(super) async fn start(column: Column) -> Self {
        let change = |config: &mut api_server::RootConfig| {
            // The walk asks for all that there is.
            config.http.graphql = api_http::HttpConfig::default().graphql;
            // And sends codes as often as it likes.
            config.registry.resend_pause_s = 0;
        };
        let clock = std::sync::Arc::new(SystemClock);
        let world = World::start_with(column, clock, change).await;
        let a = side(&world, "alpha").await;
        let b = side(&world, MARK_OF_B).await;
        let counter = AtomicU32::new(0);
        let mut foreign = own(&world, &b, format!("{MARK_OF_B}0000")).await;
        add_files(&b, &mut foreign).await;
        Self {
            world,
            column,
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

    /// The same, with files that nothing was made of yet: each takes a moment to be checked.
    pub(super) async fn own_with_files(&self) -> Own {
        let mut own = self.own().await;
        add_files(&self.a, &mut own).await;
        own
    }

    /// A new member of A, signed in to chat, who has changed nothing yet.
    pub(super) async fn newcomer(&self) -> Newcomer {
        let n = self.counter.fetch_add(1, Ordering::Relaxed);
        let account = format!("alphanew{n:04}");
        let input = json!({ "input": { "name": account, "account": account, "slip": true,
            "departmentIds": [] } });
        let query = "mutation($input: MemberCreateInput!) { memberCreate(input: $input) {
            problem { code } slip { initialPassword } } }";
        let made = self.owner().gql(query, input).await;
        let initial = text(&made["memberCreate"]["slip"]["initialPassword"]);
        let company = &self.a.company.host_name;
        let person = self.world.sign_in(company, &account, &initial, "MEMBER");
        Newcomer {
            person: person.await.expect("the slip opens the door"),
            initial_password: initial,
        }
    }

    /// How many mails of A have left.
    pub(super) async fn mails_that_left(&self) -> usize {
        let query = "{ mails(first: 100) { edges { node { state } } } }";
        let found = self.owner().gql(query, json!({})).await;
        let edges = found["mails"]["edges"].as_array().cloned();
        let left = |edge: &Value| edge["node"]["state"] != "QUEUED";
        edges.unwrap_or_default().iter().filter(|e| left(e)).count()
    }

    /// Waits until so many mails of A have left.
    pub(super) async fn wait_for_mails(&self, wanted: usize) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.mails_that_left().await < wanted {
            assert!(tokio::time::Instant::now() < deadline, "no mail of A left");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Makes A's owner a participant of B's conversation, under the same id: what then keeps it
    /// from A is the wall alone, not that the owner is in no conversation there.
    pub(super) async fn plant_a_twin_in_b(&self) {
        let seen = self
            .owner()
            .gql("{ viewer { member { id } } }", json!({}))
            .await;
        let twin: MemberId = text(&seen["viewer"]["member"]["id"])
            .parse()
            .expect("an id");
        let original: MemberId = self.b.colleague.member.parse().expect("an id");
        let conversation: ConversationId = self.b.conversation().parse().expect("an id");
        let tx = self
            .store_of(&self.b)
            .await
            .begin()
            .await
            .expect("a transaction");
        let of_twin = "SELECT $1, account || 'twin', name, search, sort, state, \
            must_change_password, failures, created_at FROM member WHERE id = $2";
        let member = format!(
            "INSERT INTO member (id, account, name, search, sort, state, must_change_password, \
             failures, created_at) {of_twin}"
        );
        let participant = "INSERT INTO participant (conversation_id, member_id, from_seq, \
            read_seq, read_count, own_count, own_read, changed_at) SELECT conversation_id, $1, \
            from_seq, read_seq, read_count, own_count, own_read, changed_at FROM participant \
            WHERE member_id = $2 AND conversation_id = $3";
        let backend = tx.get_database_backend();
        let (id, of) = (sea_orm::Value::from(twin), sea_orm::Value::from(original));
        for (sql, values) in [
            (member.as_str(), vec![id.clone(), of.clone()]),
            (participant, vec![id, of, conversation.into()]),
        ] {
            let insert = Statement::from_sql_and_values(backend, sql, values);
            tx.execute_raw(insert).await.expect("a twin");
        }
        tx.commit().await.expect("a twin");
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
    let conversation = owner.talk_to(&colleague.member).await;
    let file = owner
        .ready_file(&format!("{name}.txt"), name.as_bytes())
        .await;
    let sent = owner
        .gql(
            "mutation($input: MessageSendInput!) { messageSend(input: $input) { entry { id } } }",
            json!({ "input": { "conversationId": conversation, "nonce": "first-message",
                "text": name, "attachmentIds": [file] } }),
        )
        .await;
    let kept = Kept {
        conversation,
        message: text(&sent["messageSend"]["entry"]["id"]),
        mail: sent_mail(owner, name).await,
        platform_mail: platform_mail(world, name).await,
        file,
    };
    Side {
        company,
        colleague,
        mailed: mailed_account(name),
        kept,
    }
}

fn mailed_account(name: &str) -> String {
    format!("{name}mailed")
}

/// The mail with which the company began.
async fn platform_mail(world: &World, name: &str) -> String {
    let query = "query($to: String!) { mails(search: $to, first: 50) { edges { node {
        id recipient tenant { id } } } } }";
    let to = json!({ "to": format!("founder@{name}.example") });
    let found = world.operator.platform(query, to).await;
    let edges = found["mails"]["edges"].as_array().cloned();
    let edges = edges.unwrap_or_default();
    text(&edges.last().expect("a mail with a code")["node"]["id"])
}

/// A mail of the company that has left.
async fn sent_mail(owner: &Browser, name: &str) -> String {
    let account = mailed_account(name);
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
        platform_mail: side.kept.platform_mail.clone(),
        file: side.kept.file.clone(),
        fresh_file: Kind::FreshFile.random(),
        folder_file: Kind::FolderFile.random(),
        avatar: Kind::Avatar.random(),
        logo: Kind::Logo.random(),
        upload: upload(owner, &fresh).await,
        fresh,
    }
}

/// An upload whose only part has arrived.
async fn upload(owner: &Browser, fresh: &str) -> String {
    let name = format!("{fresh}.bin");
    let begun = owner.upload_start(&name, &name, 5).await;
    let id = text(&begun["upload"]["id"]);
    owner.put_part(&id, 1, b"whole").await;
    id
}

async fn add_files(side: &Side, own: &mut Own) {
    let owner = &side.company.admin.browser;
    let name = |what: &str| format!("{}{what}", own.fresh);
    let (one, two) = (name("one.txt"), name("two.txt"));
    own.fresh_file = owner.ready_file(&one, one.as_bytes()).await;
    own.folder_file = owner.ready_file(&two, two.as_bytes()).await;
    own.avatar = owner
        .ready_file_for("AVATAR", &name("me.png"), PICTURE)
        .await;
    own.logo = owner
        .ready_file_for("COMPANY_LOGO", &name("us.png"), PICTURE)
        .await;
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
