# Reads TAP with Perl's parser, and prints what it made of it: "190 points, 59 todo, 0 failed".
# Test::Harness before 3.48 refuses the version line of TAP 14, and takes all that is after it.
use strict;
use warnings;
use TAP::Parser;

open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!";
my $text = join '', <$file>;
$text =~ s/^TAP version 14\n// or die "it does not begin with its version\n";
my $parser = TAP::Parser->new({tap => "TAP version 13\n$text"});
$parser->run;
print "$_\n" for $parser->parse_errors;
printf "%d points, %d todo, %d skipped, %d failed\n", $parser->tests_run, scalar $parser->todo,
    scalar $parser->skipped, scalar $parser->failed;
exit($parser->parse_errors > 0);
