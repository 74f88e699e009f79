//! The two schemas as the walk needs them: every operation, where its ids and cursors are, and a
//! document that asks for everything an operation can answer.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
    },
};

/// What a root type is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Query,
    Mutation,
    Subscription,
}

/// One field of a root type.
pub(super) struct Operation {
    pub(super) root: Root,
    pub(super) name: String,
    /// Paths of the arguments that take an id: `input.departmentIds[]`.
    pub(super) ids: Vec<String>,
    /// Arguments that take a position in a list.
    pub(super) cursors: Vec<String>,
    /// The document, with every argument as a variable.
    pub(super) document: String,
}

/// A parsed schema.
pub(super) struct Schema {
    types: BTreeMap<String, TypeKind>,
    roots: Vec<(Root, String)>,
}

/// Levels of objects that a document asks for.
const LEVELS: usize = 5;

impl Schema {
    /// Of /graphql.
    pub(super) fn tenant() -> Self {
        Self::parse(&api_graphql::print_schemas().0)
    }

    /// Of /platform/graphql.
    pub(super) fn platform() -> Self {
        Self::parse(&api_graphql::print_schemas().1)
    }

    fn parse(text: &str) -> Self {
        let mut schema = Self {
            types: BTreeMap::new(),
            roots: Vec::new(),
        };
        for definition in parse_schema(text).expect("a schema").definitions {
            match definition {
                TypeSystemDefinition::Schema(roots) => {
                    let roots = roots.node;
                    let all = [
                        (Root::Query, roots.query),
                        (Root::Mutation, roots.mutation),
                        (Root::Subscription, roots.subscription),
                    ];
                    let named = all
                        .into_iter()
                        .filter_map(|(root, name)| Some((root, name?)));
                    schema.roots = named.map(|(r, name)| (r, name.node.to_string())).collect();
                }
                TypeSystemDefinition::Type(ty) => {
                    let name = ty.node.name.node.to_string();
                    schema.types.insert(name, ty.node.kind);
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        schema
    }

    /// Every query, mutation and subscription.
    pub(super) fn operations(&self) -> Vec<Operation> {
        let mut all = Vec::new();
        for (root, name) in &self.roots {
            for field in self.fields(name) {
                all.push(self.operation(*root, field));
            }
        }
        all
    }

    /// Fields below the roots that take arguments, with these: `Conversation.entries(after)`.
    pub(super) fn arguments_below_the_roots(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for name in self.types.keys() {
            if self.roots.iter().any(|(_, root)| root == name) {
                continue;
            }
            for field in self.fields(name) {
                let arguments = field.arguments.iter();
                all.extend(arguments.map(|a| format!("{name}.{}.{}", field.name, a.node.name)));
            }
        }
        all
    }

    /// Names of all types that can be reached from the subscriptions.
    pub(super) fn reached_by_subscriptions(&self) -> BTreeSet<String> {
        let roots = self.roots.iter().filter(|(r, _)| *r == Root::Subscription);
        let mut open: Vec<String> = roots.map(|(_, name)| name.clone()).collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !reached.insert(name.clone()) {
                continue;
            }
            open.extend(
                self.fields(&name)
                    .iter()
                    .map(|f| base(&f.ty.node).to_owned()),
            );
            if let Some(TypeKind::Union(union)) = self.types.get(&name) {
                open.extend(union.members.iter().map(|m| m.node.to_string()));
            }
            if let Some(TypeKind::Interface(_)) = self.types.get(&name) {
                open.extend(self.implementors(&name));
            }
        }
        reached
    }

    fn implementors(&self, interface: &str) -> Vec<String> {
        let implements = |(name, kind): (&String, &TypeKind)| match kind {
            TypeKind::Object(object) => object
                .implements
                .iter()
                .any(|i| i.node == interface)
                .then(|| name.clone()),
            _ => None,
        };
        self.types.iter().filter_map(implements).collect()
    }

    fn fields(&self, name: &str) -> Vec<&FieldDefinition> {
        let fields = match self.types.get(name) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => return Vec::new(),
        };
        fields.iter().map(|field| &field.node).collect()
    }

    fn operation(&self, root: Root, field: &FieldDefinition) -> Operation {
        let (mut ids, mut cursors) = (Vec::new(), Vec::new());
        let (mut heads, mut arguments) = (Vec::new(), Vec::new());
        for argument in &field.arguments {
            let name = argument.node.name.node.to_string();
            self.find_ids(&argument.node, "", &mut ids);
            heads.push(format!(
                "${name}: {}{}",
                argument.node.ty,
                default(&argument.node)
            ));
            arguments.push(format!("{name}: ${name}"));
            if ["after", "before", "position"].contains(&&*name) {
                cursors.push(name);
            }
        }
        let in_brackets = |parts: Vec<String>| match parts.is_empty() {
            true => String::new(),
            false => format!("({})", parts.join(", ")),
        };
        let word = match root {
            Root::Query => "query",
            Root::Mutation => "mutation",
            Root::Subscription => "subscription",
        };
        let mut path = Vec::new();
        let selection = self.selection(base(&field.ty.node), &mut path);
        let selection = selection.unwrap_or_default();
        let document = format!(
            "{word}{} {{ {}{}{selection} }}",
            in_brackets(heads),
            field.name,
            in_brackets(arguments)
        );
        Operation {
            root,
            name: field.name.node.to_string(),
            ids,
            cursors,
            document,
        }
    }

    fn find_ids(&self, argument: &InputValueDefinition, above: &str, ids: &mut Vec<String>) {
        let dot = if above.is_empty() { "" } else { "." };
        let list = match argument.ty.node.base {
            BaseType::List(_) => "[]",
            BaseType::Named(_) => "",
        };
        let path = format!("{above}{dot}{}{list}", argument.name);
        let name = base(&argument.ty.node);
        if name == "ID" {
            ids.push(path);
        } else if let Some(TypeKind::InputObject(input)) = self.types.get(name) {
            for field in &input.fields {
                self.find_ids(&field.node, &path, ids);
            }
        }
    }

    /// Everything below a type, each type once on a path.
    fn selection(&self, name: &str, path: &mut Vec<String>) -> Option<String> {
        let parts: Vec<String> = match self.types.get(name) {
            Some(TypeKind::Object(_)) if path.len() < LEVELS && !path.iter().any(|p| p == name) => {
                path.push(name.to_owned());
                let fields = self.fields(name);
                let parts = fields.iter().filter_map(|field| self.selected(field, path));
                let parts = parts.collect();
                path.pop();
                parts
            }
            Some(TypeKind::Interface(_)) => vec!["__typename".to_owned(), "id".to_owned()],
            Some(TypeKind::Union(_)) => vec!["__typename".to_owned()],
            _ => return None,
        };
        (!parts.is_empty()).then(|| format!(" {{ {} }}", parts.join(" ")))
    }

    fn selected(&self, field: &FieldDefinition, path: &mut Vec<String>) -> Option<String> {
        let name = base(&field.ty.node);
        let composite = !matches!(
            self.types.get(name),
            None | Some(TypeKind::Scalar | TypeKind::Enum(_))
        );
        if !composite {
            return Some(field.name.to_string());
        }
        // A list below needs to be told how much.
        let takes_first = field.arguments.iter().any(|a| a.node.name.node == "first");
        let first = if takes_first { "(first: 2)" } else { "" };
        let below = self.selection(name, path)?;
        Some(format!("{}{first}{below}", field.name))
    }
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

fn default(argument: &InputValueDefinition) -> String {
    let value = argument.default_value.as_ref();
    value.map(|value| format!(" = {value}")).unwrap_or_default()
}
