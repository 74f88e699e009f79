//! Bounds of a document, checked before it is executed, in this order:
//!
//! 1. the text is scanned once for tokens, directives and nesting, so that the parser is safe;
//! 2. it is parsed;
//! 3. its selections are counted as if every fragment stood where it is spread, each fragment being
//!    measured once, so that the count is cheap however large it is.
//!
//! async-graphql itself limits only depth and complexity, and its own walks are exponential in
//! nested fragments unless something has counted before (GHSA-5gc2-7c65-8fq8, GHSA-xq3c-8gqm-v648).

use std::collections::HashMap;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, ServerError};
use tenancy_model::ErrorCode;
use thiserror::Error;

use crate::config::GraphqlLimits;

/// Levels of nested selection sets that async-graphql walks (its default recursion limit).
const LEVELS_MAX: usize = 32;

/// Why a document is not executed.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Beyond one of the limits.
    #[error("{message}")]
    Limit {
        /// `QUERY_TOO_DEEP` or `QUERY_TOO_COMPLEX`.
        code: ErrorCode,
        /// Which limit.
        message: String,
    },
    /// No GraphQL.
    #[error("{}", .0.message)]
    Syntax(Box<ServerError>),
    /// There is no such operation, or no name where there are several.
    #[error("{0}")]
    Operation(String),
}

impl DocumentError {
    fn complex(what: &str, limit: impl std::fmt::Display) -> Self {
        let message = format!("The document has more than {limit} {what}.");
        Self::Limit {
            code: ErrorCode::QueryTooComplex,
            message,
        }
    }

    fn deep(limit: usize) -> Self {
        let message = format!("The document nests deeper than {limit} levels.");
        Self::Limit {
            code: ErrorCode::QueryTooDeep,
            message,
        }
    }
}

/// A parsed document within its limits, and the kind of operation that was asked for.
#[derive(Debug)]
pub struct CheckedDocument {
    /// What to execute.
    pub document: ExecutableDocument,
    /// Of the operation that was asked for.
    pub operation: OperationType,
}

/// Parses `query` and finds `operation_name` in it, if everything is within `limits`.
///
/// # Errors
/// [`DocumentError`].
pub fn check(
    query: &str,
    operation_name: Option<&str>,
    limits: &GraphqlLimits,
) -> Result<CheckedDocument, DocumentError> {
    scan(query, limits)?;
    let document =
        parse_query(query).map_err(|error| DocumentError::Syntax(Box::new(error.into())))?;
    measure(&document, limits)?;
    let operation = operation_type(&document, operation_name)?;
    Ok(CheckedDocument {
        document,
        operation,
    })
}

/// Counts tokens, directives and open brackets without building anything.
fn scan(query: &str, limits: &GraphqlLimits) -> Result<(), DocumentError> {
    let text = query.as_bytes();
    let (mut at, mut tokens, mut directives, mut nesting) = (0, 0_usize, 0_usize, 0_usize);
    while let Some(byte) = text.get(at) {
        let end = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | 0xEF | 0xBB | 0xBF => {
                at += 1;
                continue;
            }
            b'#' => {
                at = find(text, at, |byte| matches!(byte, b'\n' | b'\r'));
                continue;
            }
            b'"' => string_end(text, at),
            byte if is_word(*byte) => find(text, at, |byte| !is_word(byte)),
            _ => at + 1,
        };
        tokens += 1;
        match byte {
            b'{' | b'[' | b'(' => nesting += 1,
            b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
            b'@' => directives += 1,
            _ => {}
        }
        if tokens > limits.tokens_max {
            return Err(DocumentError::complex("tokens", limits.tokens_max));
        }
        if directives > limits.directives_max {
            return Err(DocumentError::complex("directives", limits.directives_max));
        }
        if nesting > limits.nesting_max {
            return Err(DocumentError::deep(limits.nesting_max));
        }
        at = end;
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
}

/// Where the first byte at or after `from` is that `stop` wants, or the end.
fn find(text: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> usize {
    text.get(from..)
        .and_then(|rest| rest.iter().position(|byte| stop(*byte)))
        .map_or(text.len(), |offset| from + offset)
}

/// The end of the string or block string that begins at `from`.
fn string_end(text: &[u8], from: usize) -> usize {
    let block = text.get(from..from + 3) == Some(b"\"\"\"");
    let mut at = from + if block { 3 } else { 1 };
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if block && text.get(at + 1..at + 4) == Some(b"\"\"\"") => at += 4,
            b'\\' if !block => at += 2,
            b'"' if block && text.get(at..at + 3) == Some(b"\"\"\"") => return at + 3,
            b'"' if !block => return at + 1,
            b'\n' | b'\r' if !block => return at,
            _ => at += 1,
        }
    }
    text.len()
}

/// What a selection set asks for with its fragments in place.
#[derive(Debug, Clone, Copy, Default)]
struct Measure {
    selections: u64,
    aliases: u64,
    /// Levels of fields.
    depth: usize,
    /// Levels of selection sets of any kind.
    levels: usize,
}

struct Measurer<'a> {
    document: &'a ExecutableDocument,
    /// `None` while the fragment is being measured: meeting it again is a cycle.
    fragments: HashMap<&'a Name, Option<Measure>>,
}

fn measure(document: &ExecutableDocument, limits: &GraphqlLimits) -> Result<(), DocumentError> {
    let mut measurer = Measurer {
        document,
        fragments: HashMap::new(),
    };
    let mut all = Vec::new();
    for (_, operation) in document.operations.iter() {
        all.push(measurer.set(&operation.node.selection_set.node, 0)?);
    }
    for name in document.fragments.keys() {
        all.push(measurer.fragment(name, 0)?);
    }
    for found in all {
        if found.depth > limits.depth_max {
            return Err(DocumentError::deep(limits.depth_max));
        }
        if found.selections > limits.selections_max {
            return Err(DocumentError::complex("selections", limits.selections_max));
        }
        if found.aliases > limits.aliases_max {
            return Err(DocumentError::complex("aliases", limits.aliases_max));
        }
    }
    Ok(())
}

impl<'a> Measurer<'a> {
    /// Measures `set`, which lies `above` levels deep.
    fn set(&mut self, set: &'a SelectionSet, above: usize) -> Result<Measure, DocumentError> {
        let mut sum = Measure {
            levels: 1,
            ..Measure::default()
        };
        for item in &set.items {
            let (inner, is_field, is_alias) = match &item.node {
                Selection::Field(field) => {
                    let inner = self.set(&field.node.selection_set.node, above)?;
                    (inner, true, field.node.alias.is_some())
                }
                Selection::InlineFragment(fragment) => (
                    self.set(&fragment.node.selection_set.node, above)?,
                    false,
                    false,
                ),
                Selection::FragmentSpread(spread) => (
                    self.fragment(&spread.node.fragment_name.node, above)?,
                    false,
                    false,
                ),
            };
            sum.selections = sum
                .selections
                .saturating_add(1)
                .saturating_add(inner.selections);
            sum.aliases = sum
                .aliases
                .saturating_add(u64::from(is_alias))
                .saturating_add(inner.aliases);
            sum.depth = sum.depth.max(inner.depth + usize::from(is_field));
            sum.levels = sum.levels.max(inner.levels + 1);
        }
        if sum.levels > LEVELS_MAX {
            return Err(DocumentError::deep(LEVELS_MAX));
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &'a Name, above: usize) -> Result<Measure, DocumentError> {
        match self.fragments.get(name) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => {
                let message = format!("Fragment \"{name}\" spreads itself.");
                return Err(DocumentError::Operation(message));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            // The validation of the schema says which one is missing.
            return Ok(Measure::default());
        };
        if above >= LEVELS_MAX {
            return Err(DocumentError::deep(LEVELS_MAX));
        }
        self.fragments.insert(name, None);
        let found = self.set(&fragment.node.selection_set.node, above + 1)?;
        self.fragments.insert(name, Some(found));
        Ok(found)
    }
}

fn operation_type(
    document: &ExecutableDocument,
    name: Option<&str>,
) -> Result<OperationType, DocumentError> {
    let unknown = |name: &str| DocumentError::Operation(format!("Unknown operation \"{name}\"."));
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation.node.ty),
        (DocumentOperations::Single(_), Some(name)) => Err(unknown(name)),
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .get(name)
            .map(|operation| operation.node.ty)
            .ok_or_else(|| unknown(name)),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(only.node.ty),
                _ => Err(DocumentError::Operation(
                    "The operation's name is required.".to_owned(),
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(query: &str) -> Option<ErrorCode> {
        match check(query, None, &GraphqlLimits::for_testing()) {
            Ok(_) => None,
            Err(DocumentError::Limit { code, .. }) => Some(code),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn an_ordinary_document_passes() {
        let query = "query Q($a: [Int!] = [1, 2]) { a(x: \"{{{{\") { ...F } } \
                     fragment F on T { b: c # {{{{\n d(text: \"\"\"{ \\\"\"\" {\"\"\") }";
        assert_eq!(code(query), None);
    }

    #[test]
    fn tokens_directives_and_nesting_are_counted_before_parsing() {
        let limits = GraphqlLimits::for_testing();
        let many = format!("{{ {} }}", "a ".repeat(limits.tokens_max));
        assert_eq!(code(&many), Some(ErrorCode::QueryTooComplex));
        let directed = format!("{{ a {} }}", "@d ".repeat(limits.directives_max + 1));
        assert_eq!(code(&directed), Some(ErrorCode::QueryTooComplex));
        assert_eq!(code(&"{a".repeat(10_000)), Some(ErrorCode::QueryTooDeep));
        assert_eq!(
            code(&format!("{{ a(x: {}", "[".repeat(10_000))),
            Some(ErrorCode::QueryTooDeep)
        );
    }

    #[test]
    fn depth_and_aliases_are_counted_through_fragments() {
        let deep = format!("{{ {} b {} }}", "a { ".repeat(16), "}".repeat(16));
        assert_eq!(code(&deep), Some(ErrorCode::QueryTooDeep));
        let aliased: String = (0..11).map(|n| format!("x{n}: a ")).collect();
        assert_eq!(
            code(&format!("{{ {aliased} }}")),
            Some(ErrorCode::QueryTooComplex)
        );
        let spread = "{ a { ...F } b { ...F } } fragment F on T { a:x b:x c:x d:x e:x f:x }";
        assert_eq!(code(spread), Some(ErrorCode::QueryTooComplex));
    }

    #[test]
    fn fragments_that_double_each_other_are_refused_at_once() {
        let mut bomb = "{ ...F0 }".to_owned();
        for n in 0..25 {
            bomb += &format!(" fragment F{n} on T {{ ...F{m} ...F{m} }}", m = n + 1);
        }
        bomb += " fragment F25 on T { a }";
        assert_eq!(code(&bomb), Some(ErrorCode::QueryTooComplex));
        let mut chain = "{ ...F0 }".to_owned();
        for n in 0..100 {
            chain += &format!(" fragment F{n} on T {{ ...F{m} }}", m = n + 1);
        }
        chain += " fragment F100 on T { a }";
        assert_eq!(code(&chain), Some(ErrorCode::QueryTooDeep));
    }

    #[test]
    fn a_fragment_that_spreads_itself_is_refused() {
        let cycle = "{ ...A } fragment A on T { ...B } fragment B on T { ...A }";
        let refused = check(cycle, None, &GraphqlLimits::for_testing());
        assert!(matches!(refused, Err(DocumentError::Operation(_))));
    }

    #[test]
    fn the_operation_is_found_by_its_name() {
        let limits = GraphqlLimits::for_testing();
        let both = "query A { a } mutation B { b }";
        let found = check(both, Some("B"), &limits).unwrap();
        assert_eq!(found.operation, OperationType::Mutation);
        assert!(check(both, None, &limits).is_err());
        assert!(check(both, Some("C"), &limits).is_err());
        assert!(check("{ a }", Some("C"), &limits).is_err());
        let named = check("query A { a }", Some("A"), &limits).unwrap();
        assert_eq!(named.operation, OperationType::Query);
    }
}
