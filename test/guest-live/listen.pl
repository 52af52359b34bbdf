# Listens on a port and never accepts: listen.pl <port> <backlog> <device, or ""> <filter, defer, or "">. Node cannot do
# this. With a device it listens on that device alone. With `filter` a program on the socket drops every packet, with `defer`
# the kernel opens a connection only when data comes.
use strict; use warnings; use Socket;
my ($port, $backlog, $device, $option) = @ARGV;
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1) or die "setsockopt: $!";
# 25 is SO_BINDTODEVICE.
if ($device) { setsockopt($server, SOL_SOCKET, 25, "$device\0") or die "setsockopt: $!"; }
bind($server, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
# 26 is SO_ATTACH_FILTER, with one instruction: return 0.
my $program = pack("S C C L", 6, 0, 0, 0);
if ($option eq "filter") { setsockopt($server, SOL_SOCKET, 26, pack("S x6 P", 1, $program)) or die "filter: $!"; }
# 6 is TCP, 9 is TCP_DEFER_ACCEPT.
if ($option eq "defer") { setsockopt($server, 6, 9, pack("I", 5)) or die "defer: $!"; }
listen($server, $backlog) or die "listen: $!";
$| = 1;
print "ready\n";
sleep 3600 while 1;
