//! A company with people who talk: a throw-away tenant, a context for each person, and shortcuts.

use std::{collections::BTreeSet, sync::Arc};

use platform::bus::MemoryBus;
use sea_orm::{
    ConnectionTrait as _,
    sea_query::{Expr, ExprTrait as _, Query},
};
use tenancy_access::{Access, AccessConfig, Actor, Origin, Services, TenantContext};
use tenancy_chat::{Chat, Entry, EntryRange, OpenDirectInput, SendInput, Sent};
use tenancy_model::{
    ConversationId, ConversationKind, DeviceType, EntitlementsSnapshot, Language, MemberId,
    MemberState, Role, SessionId, Surface,
};
use tenancy_store::{TenantStore, control::tenant, testing::World};

/// A tenant and its people.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) services: Services,
    pub(crate) chat: Chat,
    pub(crate) store: TenantStore,
    pub(crate) people: Vec<MemberId>,
    tenant: Arc<tenant::Model>,
}

impl Office {
    /// With `people` active members.
    pub(crate) async fn open(world: &World, people: usize) -> Self {
        let services = Services {
            stores: world.stores.clone(),
            clock: Arc::new(world.clock.clone()),
            rng: world.rng.clone(),
            bus: Arc::new(MemoryBus::default()),
            access: Access::new(AccessConfig::for_testing()).expect("a cheap hash"),
        };
        Self::with(world, services, people).await
    }

    /// The same with other services.
    pub(crate) async fn with(world: &World, services: Services, people: usize) -> Self {
        let tenant = world.tenant_row().await;
        let store = world.stores.tenant(tenant.id).await.expect("a tenant");
        let mut office = Self {
            chat: Chat::new(services.clone()),
            services,
            store,
            people: Vec::new(),
            tenant: Arc::new(tenant),
        };
        office.hire(people).await;
        office
    }

    async fn hire(&mut self, people: usize) {
        let now = self.services.clock.now();
        let tx = self.store.begin().await.expect("a transaction");
        for n in 0..people {
            let id = MemberId::new(&*self.services.clock, &*self.services.rng);
            let insert = Query::insert()
                .into_table("member")
                .columns([
                    "id",
                    "account",
                    "name",
                    "search",
                    "sort",
                    "state",
                    "must_change_password",
                    "failures",
                    "created_at",
                ])
                .values_panic([
                    id.into(),
                    format!("p{n}").into(),
                    format!("Person {n}").into(),
                    format!("p{n}").into(),
                    format!("p{n}").into(),
                    MemberState::Active.into(),
                    false.into(),
                    0.into(),
                    now.into(),
                ])
                .to_owned();
            tx.execute(&insert).await.expect("a member");
            self.people.push(id);
        }
        tx.commit().await.expect("people");
    }

    /// What person `n` acts with.
    pub(crate) fn ctx(&self, n: usize) -> TenantContext {
        let (clock, rng) = (&*self.services.clock, &*self.services.rng);
        TenantContext {
            tenant: self.tenant.clone(),
            actor: Actor::Member {
                member: self.people[n],
                name: format!("Person {n}"),
                session: SessionId::new(clock, rng),
                surface: Surface::Member,
                roles: BTreeSet::from([Role::Member]),
                permissions: BTreeSet::new(),
                must_change_password: false,
            },
            origin: Origin {
                ip: None,
                device: "test".to_owned(),
                device_type: DeviceType::Desktop,
                language: Language::En,
            },
            store: self.store.clone(),
            entitlements: Arc::new(EntitlementsSnapshot {
                version: 1,
                seats: 50,
                ends_at: None,
                trial: false,
                storage_bytes: 1 << 30,
            }),
            services: self.services.clone(),
        }
    }

    /// The direct conversation of two people.
    pub(crate) async fn direct(&self, a: usize, b: usize) -> ConversationId {
        let input = OpenDirectInput {
            member: self.people[b],
        };
        let opened = tenancy_chat::open_direct(&self.ctx(a), &input).await;
        opened.expect("a conversation").id
    }

    /// A conversation of many, made by hand: no verb makes one yet.
    pub(crate) async fn group(&self, people: &[usize]) -> ConversationId {
        let id = ConversationId::new(&*self.services.clock, &*self.services.rng);
        let now = self.services.clock.now();
        let tx = self.store.begin().await.expect("a transaction");
        let conversation = Query::insert()
            .into_table("conversation")
            .columns([
                "id",
                "kind",
                "head_seq",
                "count",
                "created_at",
                "changed_at",
            ])
            .values_panic([
                id.into(),
                ConversationKind::Discussion.into(),
                0_i64.into(),
                0_i64.into(),
                now.into(),
                now.into(),
            ])
            .to_owned();
        tx.execute(&conversation).await.expect("a conversation");
        for n in people {
            self.join(&tx, id, *n, 1).await;
        }
        tx.commit().await.expect("a group");
        id
    }

    /// Person `n` comes in before `from_seq`.
    pub(crate) async fn join(
        &self,
        tx: &tenancy_store::TenantTx,
        id: ConversationId,
        n: usize,
        from_seq: i64,
    ) {
        let participant = Query::insert()
            .into_table("participant")
            .columns([
                "conversation_id",
                "member_id",
                "from_seq",
                "read_seq",
                "read_count",
                "own_count",
                "own_read",
                "changed_at",
            ])
            .values_panic([
                id.into(),
                self.people[n].into(),
                from_seq.into(),
                (from_seq - 1).into(),
                (from_seq - 1).into(),
                0_i64.into(),
                0_i64.into(),
                self.services.clock.now().into(),
            ])
            .to_owned();
        tx.execute(&participant).await.expect("a participant");
    }

    /// Person `n` leaves after `to_seq`.
    pub(crate) async fn leave(&self, id: ConversationId, n: usize, to_seq: i64) {
        let update = Query::update()
            .table("participant")
            .value("to_seq", to_seq)
            .and_where(Expr::col("conversation_id").eq(id))
            .and_where(Expr::col("member_id").eq(self.people[n]))
            .and_where(Expr::col("to_seq").is_null())
            .to_owned();
        let tx = self.store.begin().await.expect("a transaction");
        tx.execute(&update).await.expect("an update");
        tx.commit().await.expect("left");
    }

    /// Gives person `n` another state.
    pub(crate) async fn set_state(&self, n: usize, state: MemberState) {
        let update = Query::update()
            .table("member")
            .value("state", state)
            .and_where(Expr::col("id").eq(self.people[n]))
            .to_owned();
        let tx = self.store.begin().await.expect("a transaction");
        tx.execute(&update).await.expect("an update");
        tx.commit().await.expect("a state");
    }

    /// Person `n` says something.
    pub(crate) async fn say(&self, n: usize, conversation: ConversationId, nonce: &str) -> Sent {
        let long_enough = format!("{nonce:_<8}");
        let sent = self.try_say(n, conversation, &long_enough, nonce).await;
        sent.expect("sent")
    }

    /// Person `n` tries to say something.
    pub(crate) async fn try_say(
        &self,
        n: usize,
        conversation: ConversationId,
        nonce: &str,
        text: &str,
    ) -> Result<Sent, tenancy_access::DomainError> {
        let input = SendInput {
            conversation,
            nonce: nonce.to_owned(),
            text: text.to_owned(),
            files: tenancy_chat::SendFiles::default(),
        };
        self.chat.send(&self.ctx(n), input).await
    }

    /// The whole log, as the API process reads it.
    pub(crate) async fn log(&self, conversation: ConversationId) -> Vec<Entry> {
        let mut log: Vec<Entry> = Vec::new();
        loop {
            let after = log.last().map_or(0, |entry| entry.seq);
            let page = tenancy_chat::entries_after(&self.store, conversation, after, 200).await;
            let page = page.expect("a page");
            if page.is_empty() {
                return log;
            }
            log.extend(page);
        }
    }

    /// The sequences that person `n` may read.
    pub(crate) async fn readable(&self, n: usize, conversation: ConversationId) -> Vec<i64> {
        let range = EntryRange::new(Some(200), None, None, None).expect("a range");
        let input = tenancy_chat::EntriesInput {
            conversation,
            range,
        };
        let page = tenancy_chat::entries(&self.ctx(n), &input).await;
        let entries = page.expect("a page").entries;
        entries.iter().map(|entry| entry.seq).collect()
    }
}
