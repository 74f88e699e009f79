//! Relay connections out of the store's pages: the one style of every list.

use async_graphql::SimpleObject;
use tenancy_store::{Page, PageRequest};

use crate::error::domain;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether more follow.
    pub has_next_page: bool,
    /// Whether some are before.
    pub has_previous_page: bool,
    /// Cursor of the first item.
    pub start_cursor: Option<String>,
    /// Cursor of the last item.
    pub end_cursor: Option<String>,
}

/// Which page a field was asked for.
///
/// # Errors
/// A count that is negative or above the limit.
pub(crate) fn request(first: i32, after: Option<String>) -> async_graphql::Result<PageRequest> {
    PageRequest::new(first, after).map_err(|problem| domain(problem.into()))
}

/// Where `page` stands; `after` tells whether it is the first.
pub(crate) fn info<T>(page: &Page<T>, after: Option<&String>) -> PageInfo {
    PageInfo {
        has_next_page: page.has_next,
        has_previous_page: after.is_some(),
        start_cursor: page.items.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: page.items.last().map(|(cursor, _)| cursor.clone()),
    }
}

/// Declares a connection and its edge: `connection!(MemberConnection, MemberEdge, Member)`.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        /// One page of a list.
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// The items, each with its cursor.
            pub edges: Vec<$edge>,
            /// Where the page stands.
            pub page_info: $crate::page::PageInfo,
            /// How many there are in all.
            pub total_count: i32,
        }

        /// One item of a page.
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// The position to go on from.
            pub cursor: String,
            /// The item.
            pub node: $node,
        }

        impl $connection {
            /// The connection of a page, each item made into its object by `node`.
            pub(crate) fn new<T>(
                page: tenancy_store::Page<T>,
                after: Option<&String>,
                node: impl Fn(T) -> $node,
            ) -> Self {
                let page_info = $crate::page::info(&page, after);
                let total_count = i32::try_from(page.total).unwrap_or(i32::MAX);
                let edges = page
                    .items
                    .into_iter()
                    .map(|(cursor, item)| $edge {
                        cursor,
                        node: node(item),
                    })
                    .collect();
                Self {
                    edges,
                    page_info,
                    total_count,
                }
            }
        }
    };
}
pub(crate) use connection;
