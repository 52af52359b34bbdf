import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Commands that set up large machines in a network namespace. They put the ids of what they started into $started.

const ETH0 = `
started=
ip link set lo up
ip link add eth0 type veth peer name peer0
ip addr add 10.0.1.16/24 dev eth0
ip link set eth0 up
ip link set peer0 up
ip route add default via 10.0.1.1
`

/** Pairs of devices with a route to each, as for pods with cards of their own. */
const pairs = (count: number): string => `
for i in $(seq 1 ${count}); do
  echo link add eni12a4b6c8d$i type veth peer name w$i
  echo link set eni12a4b6c8d$i up
  echo link set w$i up
  echo route add 10.0.2.$i/32 dev eni12a4b6c8d$i scope link
  echo rule add from 10.0.2.$i lookup $((1000 + i)) pref $((500 + i))
  echo route add default dev eni12a4b6c8d$i table $((1000 + i))
done | ip -batch -
`

const SERVER = `use strict; use Socket;
$0 = "perl";
my @open;
for my $port (@ARGV) {
  socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($s, sockaddr_in($port, INADDR_ANY)) or die "$port: $!";
  listen($s, 64);
  push @open, $s;
}
# The name of a process has 15 bytes at most.
for (1 .. 30) { if (fork() == 0) { open(my $f, ">", "/proc/$$/comm"); print $f "worker (x) y zz"; close $f; sleep 300; exit } }
my @held;
while (1) { accept(my $c, $open[0]) or next; push @held, $c; }
`

const CLIENTS = `use strict; use Socket;
$| = 1;
my @held;
for my $i (1 .. 40) {
  socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
  bind($s, sockaddr_in(0, inet_aton("100.64.0.$i"))) or die;
  connect($s, sockaddr_in(80, inet_aton("10.0.1.16"))) or die;
  push @held, $s;
}
print "open\\n";
sleep 300;
`

/** Everything at once. */
export function bigMachine(folder: string): string {
  writeFileSync(join(folder, 'server.pl'), SERVER)
  writeFileSync(join(folder, 'clients.pl'), CLIENTS)
  const comment = 'x'.repeat(200)
  const rules = Array.from(
    { length: 5000 },
    (_, i) => `-A INPUT -s 172.${16 + (i >> 8)}.${i & 255}.0/24 -m comment --comment "${comment}" -j ACCEPT`,
  )
  const near = Array.from(
    { length: 20 },
    (_, i) => `-A INPUT -s 100.64.${i}.0/24 -p udp -m comment --comment "${comment}" -j ACCEPT`,
  )
  const tcp = Array.from(
    { length: 12 },
    (_, i) => `-A INPUT -s 100.65.${i}.0/24 -p tcp -m comment --comment "${comment}" -j ACCEPT`,
  )
  const drop = '-A INPUT -s 100.64.0.0/10 -j DROP'
  const table = ['*filter', ':INPUT ACCEPT [0:0]', ...rules, ...near, ...tcp, drop, 'COMMIT', '']
  writeFileSync(join(folder, 'rules'), table.join('\n'))
  return `${ETH0}${pairs(125)}
for i in $(seq 1 40); do echo addr add 100.64.0.$i/32 dev lo; done | ip -batch -
perl ${join(folder, 'server.pl')} 80 $(seq 9000 9044) >/dev/null 2>&1 &
started="$started $!"
sleep 1
perl ${join(folder, 'clients.pl')} >${join(folder, 'open')} 2>/dev/null &
started="$started $!"
for i in $(seq 1 100); do [ -s ${join(folder, 'open')} ] || sleep 0.1; done
[ -s ${join(folder, 'open')} ] || exit 1
iptables-nft-restore <${join(folder, 'rules')}
`
}

/** A node with many pods, and a rule against the probes. */
export const node = (pods: number): string => `${ETH0}${pairs(pods)}
perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 80, Listen => 5) or die; while ($c = $s->accept) { <$c>; print $c "HTTP/1.1 200 OK\\r\\n\\r\\n" }' >/dev/null 2>&1 &
started="$started $!"
{
  echo '*nat'
  echo ':KUBE-NODEPORTS - [0:0]'
  for i in $(seq 1 60); do echo ":KUBE-SVC-ABCDEFGHIJ$i - [0:0]"; done
  echo '-A PREROUTING -j KUBE-NODEPORTS'
  for i in $(seq 1 60); do
    echo "-A KUBE-NODEPORTS -p tcp -m comment --comment \\"default/app$i:http\\" -m tcp --dport $((30000 + i)) -j KUBE-SVC-ABCDEFGHIJ$i"
    echo "-A KUBE-SVC-ABCDEFGHIJ$i -p tcp -m comment --comment \\"default/app$i:http -> 10.0.2.$i:80\\" -j DNAT --to-destination 10.0.2.$i:80"
  done
  echo COMMIT
  echo '*filter'
  echo '-A INPUT -s 100.64.0.0/10 -j DROP'
  echo COMMIT
} | iptables-nft-restore
sleep 1
`
