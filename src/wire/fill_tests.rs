//! Every decoder of a whole record: its result, and that no bytes make it panic.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::{inet::Record, inet_detail, netlink, packet, tipc, unix, vsock, xdp};
use crate::model::{
    detail::{CongestionInfo, Md5Key, PacketRing, TipcDetail, Umem, XdpDetail, XdpStatistics},
    entry::{End, Entry},
    family::{Family, Netid},
    needs::Needs,
    socket::Timer,
    state::State,
};

const ALL: Needs = Needs::all();

type Fill = fn(&[u8], Needs, &mut Entry) -> bool;

fn inet(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    Record::new(bytes).is_some_and(|record| inet_detail::fill(&record, needs, entry))
}

const FILLS: [Fill; 7] = [inet, unix::fill, packet::fill, netlink::fill, vsock::fill, tipc::fill, xdp::fill];

fn nla(kind: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = ((value.len() + 4) as u16).to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).collect()
}

fn inet_record(family: u8, state: u8, attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0; 72];
    bytes[..2].copy_from_slice(&[family, state]);
    bytes[68..72].copy_from_slice(&7u32.to_ne_bytes());
    bytes.extend(attributes.concat());
    bytes
}

fn unix_record() -> Vec<u8> {
    let mut bytes = vec![1, 1, 10, 0];
    bytes.extend(words(&[20731, 5, 0]));
    for attribute in [
        nla(0, b"/run/x\0"),
        nla(1, &words(&[99, 0x801])),
        nla(2, &words(&[20732])),
        nla(3, &words(&[1, 2, 3])),
        nla(4, &words(&[3, 128])),
        nla(5, &words(&[1, 2, 3, 4, 5, 6, 7, 8, 9])),
        nla(6, &[3]),
        nla(7, &words(&[1000])),
    ] {
        bytes.extend(attribute);
    }
    bytes
}

fn packet_record() -> Vec<u8> {
    let mut bytes = vec![17, 3];
    bytes.extend(3u16.to_ne_bytes());
    bytes.extend(words(&[555, 9, 0]));
    bytes.extend(nla(0, &words(&[2, 1, 0, 64, 0, 0x9])));
    bytes.extend(nla(2, &words(&[4096, 2, 2048, 4, 60, 0, 1])));
    bytes.extend(nla(4, &words(&[0x0001_002a])));
    bytes.extend(nla(5, &words(&[0])));
    bytes.extend(nla(6, &words(&[1280, 2, 3, 4, 5, 6, 7])));
    bytes.extend(nla(7, &[0x28, 0, 1, 2, 12, 0, 0, 0, 6, 0]));
    bytes
}

fn netlink_record() -> Vec<u8> {
    let mut bytes = vec![16, 3, 15, 1];
    bytes.extend(words(&[4711, 1, 0, 888, 3, 0]));
    bytes.extend(nla(0, &words(&[10, 2, 30, 4, 5, 6, 7, 8, 9])));
    bytes.extend(nla(1, &[2u64, 1 << 6].map(u64::to_ne_bytes).concat()));
    bytes.extend(nla(4, &words(&[8])));
    bytes
}

fn vsock_record() -> Vec<u8> {
    let mut bytes = vec![40, 1, 10, 0];
    bytes.extend(words(&[u32::MAX, 1024, 2, 5, 444, 1, 0]));
    bytes
}

fn tipc_record() -> Vec<u8> {
    let nest = [
        nla(1, &words(&[0x01001001])),
        nla(2, &words(&[77])),
        nla(
            3 | 0x8000,
            &[nla(1, &[]), nla(2, &words(&[5])), nla(3, &words(&[6])), nla(4, &words(&[1000])), nla(5, &words(&[1]))]
                .concat(),
        ),
        nla(4, &[]),
        nla(5 | 0x8000, &[nla(0, &words(&[8])), nla(1, &words(&[9])), nla(3, &[]), nla(4, &words(&[2]))].concat()),
        nla(6, &words(&[4])),
        nla(7, &words(&[321])),
        nla(8, &words(&[1000])),
        nla(9, &words(&[1])),
        nla(10, &12u64.to_ne_bytes()),
    ];
    nla(2 | 0x8000, &nest.concat())
}

fn xdp_record() -> Vec<u8> {
    let mut bytes = vec![44, 3, 0, 0];
    bytes.extend(words(&[666, 1, 0]));
    bytes.extend(nla(1, &words(&[2, 4])));
    bytes.extend(nla(2, &words(&[0])));
    bytes.extend([nla(3, &words(&[2048])), nla(4, &words(&[1024]))].concat());
    bytes.extend(nla(5, &words(&[0, 1, 3, 1024, 4096, 256, 2, 4, 1, 2])));
    bytes.extend([nla(6, &words(&[512])), nla(7, &words(&[256]))].concat());
    bytes.extend(nla(8, &words(&[1, 2, 3, 4, 5, 6, 7])));
    bytes.extend(nla(9, &[1u64, 2, 3, 4, 5, 6].map(u64::to_ne_bytes).concat()));
    bytes
}

#[test]
fn an_inet_record_with_everything_is_read() {
    let mut md5 = vec![0; 200];
    md5[..4].copy_from_slice(&[2, 24, 3, 0]);
    md5[4..8].copy_from_slice(&[10, 1, 2, 0]);
    md5[20..23].copy_from_slice(b"key");
    md5[100] = 99;
    let attributes = [
        nla(2, &[9; 280]),
        nla(4, b"bbr\0"),
        nla(16, &words(&[1, 2, 30, 256, 512])),
        nla(5, &[0x10]),
        nla(17, &words(&[6])),
        nla(7, &words(&[1, 2, 3, 4, 5, 6, 7, 8, 9])),
        nla(8, &[1]),
        nla(15, &words(&[0x2a])),
        nla(21, &77u64.to_ne_bytes()),
        nla(22, &[0x12, 0x04]),
        nla(18, &md5),
        nla(20, &nla(1, &[nla(2, &words(&[3])), nla(3, &[1, 2])].concat())),
        nla(250, &[1]),
    ];
    let bytes = inet_record(2, 1, &attributes);
    let mut read = Entry::blank(Netid::Tcp, 0);
    assert!(inet(&bytes, ALL, &mut read));
    assert_eq!((read.shutdown, read.mark, read.cgroup_id, read.v6only), (Some(1), Some(0x2a), Some(77), None));
    let detail = read.detail.as_ref().unwrap();
    assert_eq!(detail.tcp_info.as_ref().unwrap().bytes(), [9; 280]);
    assert_eq!(detail.congestion.as_deref(), Some("bbr"));
    let bbr = CongestionInfo::Bbr {
        bandwidth_bytes_per_second: 1 | 2 << 32,
        min_rtt_us: 30,
        pacing_gain: 256,
        cwnd_gain: 512,
    };
    assert_eq!(detail.congestion_info, Some(bbr));
    assert_eq!((detail.tos, detail.tclass, detail.class_id, detail.sockopt), (Some(16), None, Some(6), Some(0x0412)));
    assert_eq!(detail.memory.unwrap().drops, Some(9));
    let key = Md5Key { address: IpAddr::V4(Ipv4Addr::new(10, 1, 2, 0)), prefix: 24 };
    assert_eq!(detail.md5, [key]);
    assert_eq!(detail.bpf_storages, [(3, vec![1, 2].into_boxed_slice())]);

    // The same entry is filled again: nothing of the record before is left.
    assert!(inet(&inet_record(10, 6, &[]), Needs::empty(), &mut read));
    assert_eq!((read.shutdown, read.mark, read.cgroup_id, &read.detail), (None, None, None, &None));
    assert_eq!((read.family, read.state), (Family::Inet6, State::TIME_WAIT));
}

#[test]
fn an_sctp_association_has_its_state_in_terms_of_tcp() {
    let mut address = vec![0; 128];
    address[..2].copy_from_slice(&10u16.to_ne_bytes());
    address[23] = 1;
    let mut bytes = inet_record(10, 3, &[nla(12, &address), nla(13, &address), nla(2, &[1; 368])]);
    bytes[2] = 4;
    let mut read = Entry::blank(Netid::Sctp, 0);
    assert!(inet(&bytes, ALL, &mut read));
    assert_eq!((read.state, read.timer), (State::ESTABLISHED, Timer::Retransmit));
    let detail = read.detail.as_ref().unwrap();
    assert_eq!(detail.sctp_peers, [IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    assert_eq!((detail.protocol_info.as_ref().map(|info| info.len()), &detail.tcp_info), (Some(368), &None));
    // An endpoint has no peers, and its state is a socket's.
    assert!(inet(&inet_record(10, 10, &[nla(12, &address)]), ALL, &mut read));
    assert_eq!(read.state, State::LISTEN);
}

#[test]
fn a_unix_record_with_everything_is_read() {
    let mut read = Entry::blank(Netid::UnixStream, 0);
    assert!(unix::fill(&unix_record(), ALL, &mut read));
    assert_eq!(read.local, End::Unix { name: Some(b"/run/x"[..].into()), inode: 20731 });
    assert_eq!(read.peer, End::Unix { name: None, inode: 20732 });
    assert_eq!((read.rqueue, read.wqueue, read.raw_uid, read.shutdown), (3, 128, Some(1000), Some(3)));
    let detail = read.detail.unwrap();
    assert_eq!((detail.unix_vfs, detail.unix_pending), (Some((99, 0x801)), vec![1, 2, 3]));
    assert_eq!(detail.memory.unwrap().rcvbuf, 2);
}

#[test]
fn packet_netlink_vsock_tipc_and_xdp_records_are_read() {
    let mut read = Entry::blank(Netid::PacketRaw, 0);
    assert!(packet::fill(&packet_record(), ALL, &mut read));
    assert_eq!(read.local, End::Packet { protocol: 3, interface: 2 });
    assert_eq!((read.rqueue, read.raw_uid, read.inode, read.cookie), (1280, Some(0), 555, 9));
    let detail = read.detail.take().unwrap();
    assert_eq!(detail.bpf, [(0x28, 1, 2, 12)]);
    let packet = detail.packet.unwrap();
    let ring = PacketRing {
        block_size: 4096,
        blocks: 2,
        frame_size: 2048,
        frames: 4,
        retire_ms: Some(60),
        private_size: Some(0),
        features: Some(1),
    };
    assert_eq!((packet.rx_ring, packet.tx_ring), (Some(ring), None));
    assert_eq!((packet.fanout, packet.flags, packet.copy_thresh), (Some(0x0001_002a), Some(9), Some(64)));

    assert!(netlink::fill(&netlink_record(), ALL, &mut read));
    assert_eq!(read.local, End::Netlink { protocol: 15, port: 4711, group: 0 });
    assert_eq!(read.peer, End::Netlink { protocol: 15, port: 1, group: 0 });
    assert_eq!((read.rqueue, read.wqueue, read.inode, read.state), (10, 30, 888, State::ESTABLISHED));
    let detail = read.detail.take().unwrap();
    assert_eq!((detail.netlink_groups, detail.netlink_flags), (Some(2), Some(8)));
    assert_eq!(detail.netlink_more_groups, [64]);

    assert!(vsock::fill(&vsock_record(), ALL, &mut read));
    assert_eq!((read.netid, read.state, read.inode), (Netid::VsockStream, State::LISTEN, 444));
    assert_eq!(read.local, End::Vsock { cid: u32::MAX, port: 1024 });
    assert_eq!(read.peer, End::Vsock { cid: 2, port: 5 });

    assert!(tipc::fill(&tipc_record(), ALL, &mut read));
    assert_eq!((read.netid, read.state, read.inode), (Netid::TipcReliable, State::ESTABLISHED, 321));
    assert_eq!(
        (read.local, read.peer),
        (End::Tipc { node: 0x01001001, reference: 77 }, End::Tipc { node: 5, reference: 6 })
    );
    assert_eq!((read.rqueue, read.wqueue, read.raw_uid, read.cookie), (8, 9, Some(1000), 12));
    let tipc = TipcDetail {
        link_congested: false,
        connection_congested: true,
        drops: Some(2),
        published: true,
        service: Some((1000, 1)),
    };
    assert_eq!(read.detail.unwrap().tipc, Some(tipc));

    let mut read = Entry::blank(Netid::Xdp, 0);
    assert!(xdp::fill(&xdp_record(), ALL, &mut read));
    assert_eq!((read.local, read.interface, read.raw_uid), (End::Xdp { interface: 2, queue: 4 }, 2, Some(0)));
    let umem = Umem {
        size: 1 << 32,
        id: 3,
        pages: 1024,
        chunk_size: 4096,
        headroom: 256,
        interface: 2,
        queue: 4,
        zero_copy: true,
        references: 2,
    };
    let statistics =
        XdpStatistics { rx_dropped: 1, rx_invalid: 2, rx_full: 3, fill_ring_empty: 4, tx_invalid: 5, tx_ring_empty: 6 };
    let xdp = XdpDetail {
        rx_ring: Some(2048),
        tx_ring: Some(1024),
        fill_ring: Some(512),
        completion_ring: Some(256),
        umem: Some(umem),
        statistics: Some(statistics),
    };
    assert_eq!(read.detail.unwrap().xdp, Some(xdp));
}

#[test]
fn a_record_cut_anywhere_is_read_as_far_as_it_goes() {
    let whole = [
        inet_record(2, 1, &[nla(2, &[9; 280]), nla(18, &[2; 150]), nla(19, &nla(2, &nla(1, &[1])))]),
        unix_record(),
        packet_record(),
        netlink_record(),
        vsock_record(),
        tipc_record(),
        xdp_record(),
    ];
    for (fill, bytes) in FILLS.into_iter().zip(&whole) {
        let mut read = Entry::blank(Netid::Tcp, 0);
        assert!(fill(bytes, ALL, &mut read));
        for length in 0..bytes.len() {
            fill(&bytes[..length], ALL, &mut read);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(
        which in 0..FILLS.len(),
        netid in prop::sample::select(vec![Netid::Tcp, Netid::Sctp, Netid::Mptcp]),
        head in prop::collection::vec(any::<u8>(), 0..80),
        attributes in prop::collection::vec((0u16..26, prop::collection::vec(any::<u8>(), 0..140)), 0..8),
        tail in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let mut bytes = head;
        bytes.extend(attributes.iter().flat_map(|(kind, value)| nla(*kind, value)));
        bytes.extend(tail);
        let mut read = Entry::blank(netid, 0);
        FILLS[which](&bytes, ALL, &mut read);
    }

    #[test]
    fn no_attributes_after_a_sound_head_make_a_decoder_panic(
        which in 0..FILLS.len(),
        attributes in prop::collection::vec((0u16..26, prop::collection::vec(any::<u8>(), 0..300)), 0..8),
        tail in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let heads: [&[u8]; 7] = [
            &inet_record(10, 1, &[]), &unix_record()[..16], &packet_record()[..16], &netlink_record()[..28],
            &vsock_record(), &[], &xdp_record()[..16],
        ];
        let mut bytes = heads[which].to_vec();
        bytes.extend(attributes.iter().flat_map(|(kind, value)| nla(*kind, value)));
        bytes.extend(tail);
        let mut read = Entry::blank(Netid::Tcp, 0);
        FILLS[which](&bytes, ALL, &mut read);
    }
}
