//! One tenant's live sockets in this process: whose they are, what they subscribed to, and where
//! the conversations of their members stand. Everything here is quick and under one lock; whatever
//! waits is in `pump.rs`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use tenancy_model::{MemberId, Surface, TenantEvent, TenantId};
use tokio::time::Instant;

use super::digest::Heads;
use super::document::EventDocument;
use super::tracks::{Tracks, position};
use crate::config::FanoutLimits;
use crate::ports::{Audience, MemberHead, TenantSession};
use crate::socket::queue::Close;
use crate::socket::table::Socket;

/// Where one result goes: a socket, and the subscription's id on it.
pub type Target = (Arc<Socket>, Arc<str>);

/// What [`Hub::add`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// The heads of this member are not known yet.
    pub heads_wanted: Option<MemberId>,
    /// This member was not connected before.
    pub came: Option<MemberId>,
}

struct Connected {
    socket: Arc<Socket>,
    session: TenantSession,
    subscriptions: Vec<(Arc<str>, Arc<EventDocument>)>,
}

#[derive(Default)]
struct Member {
    /// Their sockets, by id.
    sockets: Vec<u64>,
    heads: Heads,
    heads_known: bool,
}

struct State {
    sockets: HashMap<u64, Connected>,
    members: HashMap<MemberId, Member>,
    /// With the number of subscriptions that use it.
    documents: HashMap<Arc<EventDocument>, usize>,
    tracks: Tracks,
}

/// One tenant's live sockets.
pub struct Hub {
    /// Whose.
    pub tenant: TenantId,
    documents_max: usize,
    state: Mutex<State>,
}

impl Hub {
    /// Nobody is connected.
    #[must_use]
    pub fn new(tenant: TenantId, limits: FanoutLimits) -> Self {
        Self {
            tenant,
            documents_max: limits.documents_max,
            state: Mutex::new(State {
                sockets: HashMap::new(),
                members: HashMap::new(),
                documents: HashMap::new(),
                tracks: Tracks::new(limits),
            }),
        }
    }

    /// A socket joins.
    pub fn add(&self, session: TenantSession, socket: Arc<Socket>) -> Joined {
        let mut state = self.state.lock();
        let was_connected = session
            .member
            .is_some_and(|member| state.is_connected(member));
        let id = socket.id;
        let connected = Connected {
            socket,
            session,
            subscriptions: Vec::new(),
        };
        state.sockets.insert(id, connected);
        let Some(of) = session.member else {
            return Joined {
                heads_wanted: None,
                came: None,
            };
        };
        let member = state.members.entry(of).or_default();
        member.sockets.push(id);
        let heads_wanted = (!member.heads_known).then_some(of);
        let came = (!was_connected && state.is_connected(of)).then_some(of);
        Joined { heads_wanted, came }
    }

    /// A socket leaves; its member, if that was the last one that shows them as connected.
    pub fn remove(&self, socket: u64) -> Option<MemberId> {
        let mut state = self.state.lock();
        let gone = state.sockets.remove(&socket)?;
        for (_, document) in &gone.subscriptions {
            state.forget(document);
        }
        let of = gone.session.member?;
        let member = state.members.get_mut(&of)?;
        member.sockets.retain(|known| *known != socket);
        if member.sockets.is_empty() {
            let member = state.members.remove(&of)?;
            for conversation in member.heads.conversations() {
                state.tracks.unfollow(conversation);
            }
        }
        (shows_presence(&gone.session) && !state.is_connected(of)).then_some(of)
    }

    /// Whether a chat socket of the member is open here.
    #[must_use]
    pub fn is_connected(&self, member: MemberId) -> bool {
        self.state.lock().is_connected(member)
    }

    /// Members with an open chat socket.
    #[must_use]
    pub fn connected(&self) -> Vec<MemberId> {
        let state = self.state.lock();
        state
            .members
            .keys()
            .copied()
            .filter(|member| state.is_connected(*member))
            .collect()
    }

    /// Members with any socket.
    #[must_use]
    pub fn members(&self) -> Vec<MemberId> {
        self.state.lock().members.keys().copied().collect()
    }

    /// Whether a document is in use, and so was checked.
    #[must_use]
    pub fn knows(&self, document: &EventDocument) -> bool {
        self.state.lock().documents.contains_key(document)
    }

    /// A socket subscribes; `false` if there are too many different documents.
    pub fn subscribe(&self, socket: u64, id: Arc<str>, document: EventDocument) -> bool {
        let mut state = self.state.lock();
        let known = state
            .documents
            .get_key_value(&document)
            .map(|(known, _)| Arc::clone(known));
        if known.is_none() && state.documents.len() >= self.documents_max {
            return false;
        }
        let document = known.unwrap_or_else(|| Arc::new(document));
        let Some(connected) = state.sockets.get_mut(&socket) else {
            return true;
        };
        connected.subscriptions.push((id, Arc::clone(&document)));
        *state.documents.entry(document).or_default() += 1;
        true
    }

    /// A subscription ends.
    pub fn unsubscribe(&self, socket: u64, id: &str) {
        let mut state = self.state.lock();
        let Some(connected) = state.sockets.get_mut(&socket) else {
            return;
        };
        let place = connected
            .subscriptions
            .iter()
            .position(|(known, _)| &**known == id);
        if let Some(place) = place {
            let (_, document) = connected.subscriptions.swap_remove(place);
            state.forget(&document);
        }
    }

    /// The digest of a member's heads.
    #[must_use]
    pub fn digest(&self, member: MemberId) -> u32 {
        self.state
            .lock()
            .members
            .get(&member)
            .map_or(0, |member| member.heads.digest())
    }

    /// Takes over what the store says of `members`: which conversations they are in, and the heads.
    /// Of a conversation that nobody here followed, the last `overlap` entries are still to be
    /// told.
    pub fn refresh(&self, members: &[MemberId], heads: Vec<MemberHead>, overlap: i64) {
        let now = Instant::now();
        let mut found: HashMap<MemberId, Vec<_>> = HashMap::new();
        for head in heads {
            found
                .entry(head.member)
                .or_default()
                .push((head.conversation, head.seq));
        }
        let mut state = self.state.lock();
        let State {
            members: known,
            tracks,
            ..
        } = &mut *state;
        for of in members {
            let Some(member) = known.get_mut(of) else {
                continue;
            };
            let from_store = found.remove(of).unwrap_or_default();
            let before: Vec<_> = member.heads.conversations().collect();
            // First follow, then unfollow: what stays is never forgotten in between.
            for (conversation, seq) in &from_store {
                tracks.follow(*conversation, (*seq - overlap).max(0));
                tracks.store_head(*conversation, *seq, now);
            }
            for conversation in before {
                tracks.unfollow(conversation);
            }
            member.heads.refresh(from_store);
            member.heads_known = true;
        }
    }

    /// Something with the order of events.
    pub fn with_tracks<T>(&self, work: impl FnOnce(&mut Tracks) -> T) -> T {
        work(&mut self.state.lock().tracks)
    }

    /// Where an event goes, by document; moves the heads of those who hear it.
    pub fn targets(
        &self,
        event: &TenantEvent,
        audience: &Audience,
    ) -> Vec<(Arc<EventDocument>, Vec<Target>)> {
        let mut state = self.state.lock();
        if let Some((conversation, seq)) = position(event) {
            let State {
                members, tracks, ..
            } = &mut *state;
            let mut moved = |member: &mut Member| {
                if member.heads.moved(conversation, seq) {
                    tracks.follow(conversation, seq);
                }
            };
            match audience {
                Audience::All => members.values_mut().for_each(moved),
                Audience::Members(hearers) => {
                    for hearer in hearers.iter() {
                        if let Some(member) = members.get_mut(hearer) {
                            moved(member);
                        }
                    }
                }
                Audience::Session(_) => {}
            }
        }
        let mut targets: HashMap<Arc<EventDocument>, Vec<Target>> = HashMap::new();
        state.hearers(audience, |connected| {
            for (id, document) in &connected.subscriptions {
                let target = (Arc::clone(&connected.socket), Arc::clone(id));
                match targets.get_mut(document) {
                    Some(known) => known.push(target),
                    None => {
                        targets.insert(Arc::clone(document), vec![target]);
                    }
                }
            }
        });
        targets.into_iter().collect()
    }

    /// Closes the sockets of an audience after what is queued for them.
    pub fn close(&self, audience: &Audience, close: &Close) {
        let state = self.state.lock();
        state.hearers(audience, |connected| {
            connected.socket.queue.close(close.clone());
        });
    }

    /// How many sockets there are of each surface; for tests and metrics.
    #[must_use]
    pub fn sockets(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for connected in self.state.lock().sockets.values() {
            let name = match connected.session.surface {
                Surface::Member => "member",
                Surface::Console => "console",
                Surface::Api => "api",
            };
            *counts.entry(name).or_default() += 1;
        }
        counts
    }
}

/// A console shows nobody as connected, and is told nothing of conversations.
fn shows_presence(session: &TenantSession) -> bool {
    session.surface == Surface::Member
}

impl State {
    fn is_connected(&self, member: MemberId) -> bool {
        self.members.get(&member).is_some_and(|member| {
            let mut sockets = member.sockets.iter().filter_map(|id| self.sockets.get(id));
            sockets.any(|connected| shows_presence(&connected.session))
        })
    }

    fn forget(&mut self, document: &Arc<EventDocument>) {
        if let Some(uses) = self.documents.get_mut(document) {
            *uses -= 1;
            if *uses == 0 {
                self.documents.remove(document);
            }
        }
    }

    fn hearers<'a>(&'a self, audience: &Audience, mut each: impl FnMut(&'a Connected)) {
        match audience {
            Audience::All => self.sockets.values().for_each(each),
            Audience::Members(hearers) => {
                let members = hearers.iter().filter_map(|hearer| self.members.get(hearer));
                let sockets = members.flat_map(|member| &member.sockets);
                let sockets = sockets.filter_map(|id| self.sockets.get(id));
                sockets
                    .filter(|connected| connected.session.surface != Surface::Console)
                    .for_each(each);
            }
            Audience::Session(session) => {
                let own = |connected: &&Connected| connected.session.session == *session;
                self.sockets.values().filter(own).for_each(&mut each);
            }
        }
    }
}
