//! The output of `netstat` of net-tools 2.10, byte for byte.

mod groups;
mod interfaces;
mod routes;
mod sockets;
mod statistics;
mod words;

pub use self::{
    groups::groups,
    interfaces::interfaces,
    routes::{RouteColumns, ipv4_cache, ipv4_routes, ipv6_routes},
    sockets::{
        SocketColumns, SocketScope, associations, endpoints, internet_heading, socket, unix_heading, unix_socket,
    },
    statistics::{Statistics, statistics, statistics_ipv6},
    words::NetstatWords,
};
