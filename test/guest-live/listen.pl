# Listens on a port and never accepts: listen.pl <port> <backlog> <device, or nothing>. Node cannot do this. With a device
# it listens on that device alone.
use strict; use warnings; use Socket;
my ($port, $backlog, $device) = @ARGV;
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1) or die "setsockopt: $!";
# 25 is SO_BINDTODEVICE.
if ($device) { setsockopt($server, SOL_SOCKET, 25, "$device\0") or die "setsockopt: $!"; }
bind($server, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
listen($server, $backlog) or die "listen: $!";
$| = 1;
print "ready\n";
sleep 3600 while 1;
